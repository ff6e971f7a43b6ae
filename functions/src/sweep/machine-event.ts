import { z } from 'zod'

const pushSchema = z.object({ message: z.object({ data: z.string() }) })

/** https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog (2026-11) */
const entrySchema = z.object({
  protoPayload: z.object({ methodName: z.string(), resourceName: z.string() }),
})

export interface MachineEvent {
  readonly machine: string
  readonly cause: 'preempted' | 'infrastructure'
}

/** Whether this is a message of Pub/Sub, and no task. */
export const isPush = (body: unknown): boolean => pushSchema.safeParse(body).success

/** What Google's log says of a machine, from a pushed message; `undefined` if it is nothing that can be read. */
export function readMachineEvent(body: unknown): MachineEvent | undefined {
  const push = pushSchema.safeParse(body)
  const entry = push.success ? entrySchema.safeParse(parseJson(push.data.message.data)) : undefined
  if (entry?.success !== true) return undefined
  const { methodName, resourceName } = entry.data.protoPayload
  const machine = /\/instances\/([a-z0-9-]+)$/.exec(resourceName)?.[1]
  if (machine === undefined) return undefined
  return { machine, cause: methodName.endsWith('.preempted') ? 'preempted' : 'infrastructure' }
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString())
  } catch {
    return undefined
  }
}
