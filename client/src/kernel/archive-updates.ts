import { type ArchivedUpdates, addToRanges, type BatchRecord, type BatchUpdate } from '../model/index.ts'

/** A record lists about as many updates as these, and those that are not over. */
const mostListed = 64
/** The newest ones stay, so that whoever has just committed one finds it. */
const alwaysListed = 32

/**
 * Takes updates that are over out of the list: all their shards are finished, so nothing of them will be sent or awaited
 * again. The first one stays, because its token names the batch.
 */
export function archiveUpdates(record: BatchRecord): BatchRecord {
  const { updates } = record
  if (updates.length <= mostListed) return record
  const over = updates.slice(1, -alwaysListed).filter((update) => isOver(record, update))
  if (over.length === 0) return record
  const gone = new Set(over)
  return {
    ...record,
    updates: updates.filter((update) => !gone.has(update)),
    archived: over.reduce(addUpdate, record.archived),
  }
}

const isOver = (
  { finishedShards }: BatchRecord,
  { isCommitted, isStartSent, firstShard, shards }: BatchUpdate,
): boolean => isCommitted && isStartSent && !finishedShards.slice(firstShard, firstShard + shards).includes('0')

const addUpdate = (archived: ArchivedUpdates, update: BatchUpdate): ArchivedUpdates => ({
  updates: archived.updates + 1,
  jobs: addToRanges(archived.jobs, update.firstJob, update.jobs),
  shards: addToRanges(archived.shards, update.firstShard, update.shards),
})
