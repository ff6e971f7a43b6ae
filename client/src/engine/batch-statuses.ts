import { addCounts, type BatchId, type BatchRecord, countStates } from '../model/index.ts'
import { dollarsOfBatch, dollarsOfShard } from './costs.ts'
import type { Store } from './ports.ts'
import { committedShards, readSomeShards } from './read-shards.ts'
import { readBatch } from './records.ts'
import { type BatchSummary, batchStatusOf } from './statuses.ts'

/**
 * A batch as it is now, counted from the shards' own records.
 * @param now in ms since 1970: what runs costs until then
 * @returns `undefined` if there is no such batch
 */
export async function readBatchStatus(store: Store, batch: BatchId, now: number): Promise<BatchSummary | undefined> {
  const stored = await readBatch(store, batch)
  return stored === undefined ? undefined : summariseBatch(store, stored.record, now)
}

/** The batch record has the sums over the shards that have finished; the others are read. */
export async function summariseBatch(store: Store, record: BatchRecord, now: number): Promise<BatchSummary> {
  const unfinished = committedShards(record).filter((shard) => record.finishedShards[shard] !== '1')
  const shards = await readSomeShards(store, record.id, unfinished)
  const counts = shards.map(({ states }) => countStates(states)).reduce(addCounts, record.counts)
  const dollars = shards.map((shard) => dollarsOfShard(shard, now))
  return batchStatusOf(record, counts, dollarsOfBatch(record, dollars))
}
