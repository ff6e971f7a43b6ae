import { addCounts, type BatchId, type BatchRecord, countStates, type StateCounts } from '../model/index.ts'
import type { Store } from './ports.ts'
import { readShardRecords } from './read-shards.ts'
import { readBatch } from './records.ts'
import { type BatchStatus, batchStatusOf } from './statuses.ts'

/**
 * A batch as it is now, counted from the shards' own records.
 * @returns `undefined` if there is no such batch
 */
export async function readBatchStatus(store: Store, batch: BatchId): Promise<BatchStatus | undefined> {
  const stored = await readBatch(store, batch)
  if (stored === undefined) return undefined
  return batchStatusOf(stored.record, await countJobs(store, stored.record))
}

/** The batch record has the sum over the shards that have finished; the others are read. */
export async function countJobs(store: Store, record: BatchRecord): Promise<StateCounts> {
  const unfinished: number[] = []
  for (let shard = 0; shard < record.shards; shard++) if (record.finishedShards[shard] !== '1') unfinished.push(shard)
  let counts: StateCounts = record.counts
  for await (const { states } of readShardRecords(store, record, unfinished))
    counts = addCounts(counts, countStates(states))
  return counts
}
