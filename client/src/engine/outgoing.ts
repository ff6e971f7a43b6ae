import {
  type BatchEvent,
  type BatchId,
  type Delivery,
  type LanePlacement,
  laneOfBatch,
  laneOfShard,
  maxDeliveriesPerMessage,
  type ShardEvent,
  shardId,
} from '../model/index.ts'
import { allSettled } from './all-settled.ts'
import type { EventBus } from './ports.ts'

/** A delivery and the lane it goes to. */
export interface Outgoing {
  readonly lane: number
  readonly delivery: Delivery
}

export const toShard = (
  batch: BatchId,
  shard: number,
  placement: LanePlacement,
  events: readonly ShardEvent[],
): Outgoing => ({
  lane: laneOfShard(batch, shardId(shard), placement),
  delivery: { batch, shard: shardId(shard), events: events.map((event) => ({ event })) },
})

export const toBatch = (batch: BatchId, placement: LanePlacement, events: readonly BatchEvent[]): Outgoing => ({
  lane: laneOfBatch(batch, placement),
  delivery: { batch, events: events.map((event) => ({ event })) },
})

/** As few messages as can be: per lane, at most 64 deliveries each. */
export async function publishAll(bus: EventBus, outgoing: readonly Outgoing[]): Promise<void> {
  const byLane = new Map<number, Delivery[]>()
  for (const { lane, delivery } of outgoing) byLane.set(lane, [...(byLane.get(lane) ?? []), delivery])
  const publishing: Promise<void>[] = []
  for (const [lane, deliveries] of byLane)
    for (let first = 0; first < deliveries.length; first += maxDeliveriesPerMessage)
      publishing.push(bus.publish(lane, { deliveries: deliveries.slice(first, first + maxDeliveriesPerMessage) }))
  await allSettled(publishing)
}
