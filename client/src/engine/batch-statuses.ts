import { addCounts, type BatchId, type BatchRecord, countStates, type StateCounts } from '../model/index.ts'
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
  if (stored === undefined) return undefined
  return batchStatusOf(stored.record, await countJobs(store, stored.record))
}

/** The batch record has the sum over the shards that have finished; the others are read. */
export async function countJobs(store: Store, record: BatchRecord): Promise<StateCounts> {
  const unfinished = committedShards(record).filter((shard) => record.finishedShards[shard] !== '1')
  const shards = await readSomeShards(store, record.id, unfinished)
  return shards.map(({ states }) => countStates(states)).reduce(addCounts, record.counts)
}
