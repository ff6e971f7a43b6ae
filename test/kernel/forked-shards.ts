import { type Effect, effects } from 'graupel/kernel'
import { attemptEnded, Conversation, lease, started } from './shard-events.ts'
import { ann, cutGraph, type SmallShard } from './small-plans.ts'

/** Job 1 alone in shard 0; jobs 2 and 3 wait for it in shards 1 and 2. */
export const forked = [{ parents: [] }, { parents: [1] }, { parents: [1] }]

/** A shard by its number, to talk to. */
export function shardOf(shards: SmallShard[], number: number): Conversation {
  const shard = shards[number]
  if (shard === undefined) throw new Error(`there is no shard ${number}`)
  return new Conversation(shard)
}

export const source = () => shardOf(cutGraph(forked, [1, 1, 1]), 0)
export const succeeded = (): Conversation => {
  const shard = source()
  shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')])
  return shard
}
export const told = (shard: Conversation): Effect[] => effects(shard.plan, shard.record)
export const keysOf = (shard: Conversation): string[] => told(shard).map((effect) => effect.key)
