import { z } from 'zod'

const resourceSchema = z.object({ addr: z.string(), resource_type: z.string() })

/** Lines of `terraform plan|apply -json` that a person wants to hear of: https://developer.hashicorp.com/terraform/internals/machine-readable-ui (2026-11). */
const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('planned_change'),
    change: z.object({ resource: resourceSchema, action: z.string() }),
  }),
  z.object({
    type: z.literal('change_summary'),
    changes: z.object({ add: z.number(), change: z.number(), remove: z.number(), operation: z.string() }),
  }),
  z.object({
    type: z.literal('diagnostic'),
    diagnostic: z.object({
      severity: z.enum(['error', 'warning']),
      summary: z.string(),
      detail: z.string().default(''),
      address: z.string().optional(),
    }),
  }),
  z.object({ type: z.literal('apply_complete'), '@message': z.string() }),
  z.object({ type: z.literal('apply_errored'), '@message': z.string() }),
])
export type TerraformMessage = z.infer<typeof messageSchema>

/** `undefined` for what nobody needs to hear: further types come with newer versions. */
export function parseTerraformMessage(line: string): TerraformMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** What a plan will do. */
export interface PlanSummary {
  readonly add: number
  readonly change: number
  readonly remove: number
  /** Addresses of what is deleted, or replaced by another. */
  readonly losses: readonly string[]
}

/** Pure. */
export function summarizePlan(messages: readonly TerraformMessage[]): PlanSummary {
  const changes = messages.filter((message) => message.type === 'planned_change').map(({ change }) => change)
  const count = (...actions: readonly string[]) => changes.filter(({ action }) => actions.includes(action)).length
  return {
    add: count('create', 'replace'),
    change: count('update'),
    remove: count('delete', 'replace'),
    losses: changes
      .filter(({ action }) => action === 'delete' || action === 'replace')
      .map(({ resource }) => resource.addr),
  }
}

/** Errors in Terraform's own words, a paragraph each. */
export const errorsIn = (messages: readonly TerraformMessage[]): string[] =>
  messages.flatMap((message) => {
    if (message.type !== 'diagnostic' || message.diagnostic.severity !== 'error') return []
    const { summary, detail, address } = message.diagnostic
    return [`${address === undefined ? '' : `${address}: `}${summary}${detail === '' ? '' : `\n  ${detail.trim()}`}`]
  })
