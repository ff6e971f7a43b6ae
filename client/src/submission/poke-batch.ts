import { type BatchRecord, laneOfBatch } from '../model/index.ts'
import type { SubmissionServices } from './submission-services.ts'

/** Tells the batch's host that its record was changed behind its back. */
export function pokeBatch({ bus }: Pick<SubmissionServices, 'bus'>, { id, lanes }: BatchRecord): Promise<void> {
  const deliveries = [{ batch: id, events: [{ event: { type: 'poked' as const, resend: false } }] }]
  return bus.publish(laneOfBatch(id, lanes), { deliveries })
}
