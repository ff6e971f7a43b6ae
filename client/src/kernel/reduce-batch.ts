import {
  addCounts,
  type BatchEvent,
  type BatchRecord,
  type BatchUpdate,
  isDeleted,
  isInRanges,
} from '../model/index.ts'
import { archiveUpdates } from './archive-updates.ts'
import type { Stamped } from './reduce.ts'

/**
 * Everything that may happen to a batch record. As `reduce`: total, pure, and the very same record if nothing changed.
 */
export function reduceBatch(record: BatchRecord, events: readonly Stamped<BatchEvent>[]): BatchRecord {
  const reduced = events.reduce((current, { at, event }) => {
    const next = apply(current, event, at)
    // Time never runs backwards in a record, whichever machine's clock stamped the event.
    return next === current ? current : conclude({ ...next, lastAt: Math.max(at, current.lastAt) })
  }, record)
  return reduced === record ? record : { ...archiveUpdates(reduced), version: record.version + 1 }
}

function apply(record: BatchRecord, event: BatchEvent, at: number): BatchRecord {
  switch (event.type) {
    case 'updateCommitted':
      return commitUpdate(record, event.token)
    case 'shardFinished':
      return finishShard(record, event)
    case 'pauseSet':
      return setPause(record, event.reason)
    case 'failuresSeen':
      return seeFailures(record, event)
    case 'cancelRequested':
      return cancel(record, event.reason)
    case 'shardBroken':
      return breakShard(record, event)
    case 'calledBack':
      return event.completion > record.calledBack ? { ...record, calledBack: event.completion } : record
    case 'scratchReleased':
      return record.scratch === 'held' ? { ...record, scratch: 'kept' } : record
    case 'deleteRequested':
      return isDeleted(record) ? record : { ...cancel(record, 'deleted'), isDeleting: true, deletionAskedAt: at }
    case 'erased':
      return finishDeletion(record, at)
    case 'poked':
      return event.resend ? forgetSent(record) : record
    default:
      return event satisfies never
  }
}

/** Only committed updates count: what was reserved and never committed leaves holes that nobody waits for. */
function commitUpdate(record: BatchRecord, token: string): BatchRecord {
  const update = record.updates.find((candidate) => candidate.token === token)
  if (update === undefined || update.isCommitted || record.isCancelled || isDeleted(record)) return record
  const finished = record.finishedShards.padEnd(update.firstShard + update.shards, '0')
  const { endedAt, ...reopened } = record
  return {
    ...reopened,
    updates: replaceUpdate(record, { ...update, isCommitted: true }),
    jobs: record.jobs + update.jobs,
    shards: record.shards + update.shards,
    finishedShards: finished,
    state: 'running',
  }
}

const replaceUpdate = (record: BatchRecord, update: BatchUpdate): BatchUpdate[] =>
  record.updates.map((candidate) => (candidate.token === update.token ? update : candidate))

function finishShard(record: BatchRecord, event: Extract<BatchEvent, { type: 'shardFinished' }>): BatchRecord {
  // A shard of a reserved update that was never committed is nobody's: its jobs are not counted.
  if (record.finishedShards[event.shard] !== '0' || !isCommittedShard(record, event.shard)) return record
  const { spent = 0 } = event
  const cost = spent > 0 ? { spent: (record.spent ?? 0) + spent } : {}
  const counted = { ...record, counts: addCounts(record.counts, event.counts), ...cost }
  const failures = event.counts.failed + event.counts.error
  return markFinished(failures > 0 ? withFailures(counted, event.shard, failures) : counted, event.shard)
}

/** For people: the shards are what pauses. */
function setPause(record: BatchRecord, reason: string | undefined): BatchRecord {
  const { paused, ...going } = record
  if (paused === reason || record.endedAt !== undefined) return record
  return reason === undefined ? going : { ...record, paused: reason }
}

function markFinished(record: BatchRecord, shard: number): BatchRecord {
  const digits = record.finishedShards
  return { ...record, finishedShards: `${digits.slice(0, shard)}1${digits.slice(shard + 1)}` }
}

function seeFailures(record: BatchRecord, event: Extract<BatchEvent, { type: 'failuresSeen' }>): BatchRecord {
  const isNews = event.failures > (record.failures[event.shard] ?? 0)
  return isNews ? withFailures(record, event.shard, event.failures) : record
}

/** Set, never added: the same report twice must not cancel a batch that had one failure. */
function withFailures(record: BatchRecord, shard: number, seen: number): BatchRecord {
  const failures: Record<string, number> = { ...record.failures, [shard]: Math.max(seen, record.failures[shard] ?? 0) }
  const sum = Object.values(failures).reduce((total, count) => total + count, 0)
  const limit = record.cancelAfterNFailures
  const next = { ...record, failures }
  if (limit === undefined || sum < limit) return next
  return cancel(next, `cancelled after ${limit} failed ${limit === 1 ? 'job' : 'jobs'}`)
}

function cancel(record: BatchRecord, reason: string | undefined): BatchRecord {
  if (record.isCancelled || record.endedAt !== undefined) return record
  return { ...record, isCancelled: true, ...(record.reason === undefined && { reason: reason ?? 'cancelled' }) }
}

/** What comes late may write something again: for so long a batch is deleted over and over. */
const lateMs = 60 * 60_000
/** Then nobody will ask for it any more, and the store lets go of the record itself. */
const tombstoneMs = 7 * 24 * 60 * 60_000

function finishDeletion(record: BatchRecord, at: number): BatchRecord {
  if (!record.isDeleting || record.endedAt === undefined) return record
  const isLate = at < Math.max(record.endedAt, record.deletionAskedAt ?? 0) + lateMs
  return isLate ? record : { ...record, isDeleting: false, deletedAt: at, expireAt: at + tombstoneMs }
}

/**
 * A shard that can never be computed counts as finished; the batch is cancelled and says why. A finished one matters
 * too while the batch runs: jobs of an update may wait for its edges.
 */
function breakShard(record: BatchRecord, event: Extract<BatchEvent, { type: 'shardBroken' }>): BatchRecord {
  const brokenShards = record.brokenShards ?? []
  if (record.endedAt !== undefined || brokenShards.includes(event.shard)) return record
  const broken = record.broken ?? `shard ${event.shard}: ${event.reason}`
  const marked = record.finishedShards[event.shard] === '0' ? markFinished(record, event.shard) : record
  return { ...cancel(marked, broken), reason: broken, broken, brokenShards: [...brokenShards, event.shard] }
}

function forgetSent(record: BatchRecord): BatchRecord {
  if (!record.updates.some((update) => update.isStartSent)) return record
  return { ...record, updates: record.updates.map((update) => ({ ...update, isStartSent: false })) }
}

export const isCommittedShard = (record: BatchRecord, shard: number): boolean =>
  isInRanges(record.archived.shards, shard) ||
  record.updates.some(
    (update) => update.isCommitted && shard >= update.firstShard && shard < update.firstShard + update.shards,
  )

/** All shards of committed updates are finished; those of archived ones are. */
export function isComplete(record: BatchRecord): boolean {
  const committed = record.updates.filter((update) => update.isCommitted)
  if (committed.length === 0) return record.isCancelled
  return committed.every((update) => {
    const digits = record.finishedShards.slice(update.firstShard, update.firstShard + update.shards)
    return !digits.includes('0')
  })
}

/** Completes the batch, once per time that it becomes complete; scratch goes only from then on. */
function conclude(record: BatchRecord): BatchRecord {
  if (record.endedAt !== undefined) return releaseScratch(record)
  const { lastAt, submittedAt } = record
  const isSubmitted = record.updates.some((update) => update.isCommitted)
  const stamped = isSubmitted && submittedAt === undefined ? { ...record, submittedAt: lastAt } : record
  if (!isComplete(record)) return stamped
  return releaseScratch({
    ...stamped,
    state: finalState(record),
    endedAt: lastAt,
    completions: record.completions + 1,
  })
}

function finalState(record: BatchRecord): 'success' | 'failure' | 'cancelled' {
  if (record.counts.failed + record.counts.error > 0 || record.broken !== undefined) return 'failure'
  return record.isCancelled || record.counts.cancelled > 0 ? 'cancelled' : 'success'
}

/**
 * Of a batch that has ended. The deletion is a commit first and an act afterwards, so that a later update that reads
 * old files is refused.
 */
function releaseScratch(record: BatchRecord): BatchRecord {
  const mayGo = record.deleteScratch && record.scratch === 'kept'
  return mayGo ? { ...record, scratch: 'deleted' } : record
}
