import { type BatchRecord, laneOfBatch } from '../../model/index.ts'
import type { Home } from '../home.ts'

/** Tells the batch's host that its record was changed behind its back. */
export function pokeBatch({ bus }: Pick<Home, 'bus'>, { id, lanes }: BatchRecord): Promise<void> {
  const deliveries = [{ batch: id, events: [{ event: { type: 'poked' as const, resend: false } }] }]
  return bus.publish(laneOfBatch(id, lanes), { deliveries })
}
