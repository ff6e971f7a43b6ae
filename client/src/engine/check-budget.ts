import type { BatchRecord, ShardRecord } from '../model/index.ts'
import { dollarsOfBatch, dollarsOfShard } from './costs.ts'
import { type Outgoing, toBatch, toShard } from './outgoing.ts'
import { since } from './since.ts'

/** What a budget is held against: a shard's share of the costs, and whether it pauses. */
export interface ShardCost {
  readonly shard: ShardRecord['shard']
  readonly isFinished: boolean
  readonly paused: string | undefined
  readonly dollars: number
}

/** With what its attempts in flight have cost so far. */
export function costOfShard(batch: BatchRecord, record: ShardRecord, now: number): ShardCost {
  const isFinished = batch.finishedShards[record.shard] === '1'
  return { shard: record.shard, isFinished, paused: record.paused, dollars: dollarsOfShard(record, now) }
}

export interface Budget {
  readonly isOver: boolean
  /** For those of its records that do not know it yet. */
  readonly outgoing: readonly Outgoing[]
}

/** Pauses a batch that has cost too much, and lets one go on that may cost more now. Pure. */
export function checkBudget(
  batch: BatchRecord,
  shards: readonly ShardCost[],
  dollarsPerBatch: number | undefined,
  now: number,
): Budget {
  const unfinished = shards.filter(({ isFinished }) => !isFinished)
  const dollars = dollarsOfBatch(
    batch,
    unfinished.map((shard) => shard.dollars),
  )
  const isOver = dollarsPerBatch !== undefined && dollars >= dollarsPerBatch
  // Its own words are kept: the sum still grows while attempts end.
  const reason = isOver ? (batch.paused ?? reasonFor(dollars, dollarsPerBatch, now)) : undefined
  const event = { type: 'pauseSet', ...(reason !== undefined && { reason }) } as const
  const { id, lanes, paused } = batch
  const outgoing = [
    ...unfinished.filter((shard) => shard.paused !== reason).map(({ shard }) => toShard(id, shard, lanes, [event])),
    ...(paused === reason ? [] : [toBatch(id, lanes, [event])]),
  ]
  return { isOver, outgoing }
}

const reasonFor = (dollars: number, limit: number, now: number): string =>
  `the batch has cost $${dollars.toFixed(2)} and may cost $${limit.toFixed(2)}, ${since(now)}`
