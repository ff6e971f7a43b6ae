import { z } from 'zod'
import { millisecondsSchema, toSeconds } from './wire.ts'

const HTTP_METHODS = ['POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const

export const httpRequestSchema = z.object({
  url: z.string(),
  httpMethod: z.enum(HTTP_METHODS).catch('POST').default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.instanceof(Uint8Array).default(new Uint8Array()),
  oidcToken: z.object({ serviceAccountEmail: z.string().default(''), audience: z.string().default('') }).nullish(),
})
export type HttpRequest = z.infer<typeof httpRequestSchema>

export const taskSchema = z.object({
  name: z.string().default(''),
  httpRequest: httpRequestSchema,
  scheduleTime: millisecondsSchema.nullish(),
  dispatchDeadline: millisecondsSchema.nullish(),
})

export interface StoredTask {
  readonly name: string
  readonly request: HttpRequest
  readonly createdAt: number
  readonly deadlineMs: number
  /** When it is due, or was last. */
  dueAt: number
  isInFlight: boolean
  firstDispatchAt: number | undefined
  dispatchCount: number
  /** Dispatches that the handler answered, however. */
  responseCount: number
  lastStatus: number | undefined
}

export function taskMessage(task: StoredTask, view: 'BASIC' | 'FULL'): object {
  const { body, ...request } = task.request
  return {
    name: task.name,
    httpRequest: view === 'FULL' ? { ...request, body } : request,
    scheduleTime: toSeconds(task.dueAt),
    createTime: toSeconds(task.createdAt),
    dispatchDeadline: toSeconds(task.deadlineMs),
    dispatchCount: task.dispatchCount,
    responseCount: task.responseCount,
    ...(task.firstDispatchAt !== undefined && { firstAttempt: { dispatchTime: toSeconds(task.firstDispatchAt) } }),
    view,
  }
}

/** The last segment of a name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
