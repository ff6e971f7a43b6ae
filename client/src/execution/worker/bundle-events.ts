import type { Assignment, ShardDelivery, ShardEvent } from '../../model/index.ts'

export interface OutgoingEvent {
  readonly assignment: Assignment
  readonly event: ShardEvent
}

/** Events by shard, in messages of at most `maxShards` shards; those of one shard keep their order. */
export function bundle(events: readonly OutgoingEvent[], maxShards: number): ShardDelivery[][] {
  const byShard = Map.groupBy(events, ({ assignment }) => `${assignment.batch}/${assignment.shard}`)
  const deliveries = [...byShard.values()].flatMap((ofShard) => {
    const [first] = ofShard
    return first === undefined ? [] : [deliveryOf(first.assignment, ofShard)]
  })
  const messages: ShardDelivery[][] = []
  for (let start = 0; start < deliveries.length; start += maxShards) {
    messages.push(deliveries.slice(start, start + maxShards))
  }
  return messages
}

const deliveryOf = (
  { batch, shard }: OutgoingEvent['assignment'],
  events: readonly OutgoingEvent[],
): ShardDelivery => ({
  batch,
  shard,
  events: events.map(({ assignment, event }) => ({ event, token: assignment.token })),
})
