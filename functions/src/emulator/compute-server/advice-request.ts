import { z } from 'zod'
import { notUnderstood } from './compute-error.ts'

const requestSchema = z.strictObject({
  distributionPolicy: z.strictObject({ targetShape: z.literal('ANY'), zones: z.array(z.never()).optional() }),
  instanceFlexibilityPolicy: z.strictObject({
    instanceSelections: z.record(
      z.string(),
      z.strictObject({
        machineTypes: z.array(z.string()).min(1),
        disks: z.array(z.never()).optional(),
        guestAccelerators: z.array(z.never()).optional(),
      }),
    ),
  }),
  instanceProperties: z.strictObject({ scheduling: z.strictObject({ provisioningModel: z.literal('SPOT') }) }),
  size: z.coerce.number().int().min(1),
})

/** @throws ComputeError 400 if it is not a question for capacity */
export function checkAdviceRequest(body: unknown): void {
  const parsed = requestSchema.safeParse(body)
  if (!parsed.success) throw notUnderstood(`the question for capacity is not valid: ${z.prettifyError(parsed.error)}`)
}
