import { addCounts, type BatchId, type BatchRecord, countStates, type ShardRecord } from '../model/index.ts'
import type { Store } from './ports.ts'
import { committedShards, readSomeShards } from './read-shards.ts'
import { readBatch } from './records.ts'
import { type BatchSummary, batchStatusOf } from './statuses.ts'

/**
 * A batch as it is now, counted from the shards' own records.
 * @returns `undefined` if there is no such batch
 */
export async function readBatchStatus(store: Store, batch: BatchId): Promise<BatchSummary | undefined> {
  const stored = await readBatch(store, batch)
  return stored === undefined ? undefined : summariseBatch(store, stored.record)
}

/** The batch record has the sums over the shards that have finished; the others are read. */
export async function summariseBatch(store: Store, record: BatchRecord): Promise<BatchSummary> {
  const unfinished = committedShards(record).filter((shard) => record.finishedShards[shard] !== '1')
  const shards = await readSomeShards(store, record.id, unfinished)
  const counts = shards.map(({ states }) => countStates(states)).reduce(addCounts, record.counts)
  return batchStatusOf(record, counts, costOfBatch(record, shards))
}

/** US dollars of all attempts that have ended. `unfinished`: the shards that the record does not count yet. */
export const costOfBatch = (record: BatchRecord, unfinished: readonly Pick<ShardRecord, 'spent'>[]): number =>
  unfinished.reduce((sum, { spent = 0 }) => sum + spent, record.spent ?? 0)
