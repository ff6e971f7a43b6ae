import { addCounts, type BatchEvent, type BatchRecord, type BatchUpdate } from '../model/index.ts'
import type { Stamped } from './reduce.ts'

/**
 * Everything that may happen to a batch record. As `reduce`: total, pure, and the very same record if nothing changed.
 */
export function reduceBatch(record: BatchRecord, events: readonly Stamped<BatchEvent>[]): BatchRecord {
  const reduced = events.reduce(
    (current, { at, event }) => conclude(apply(current, event), Math.max(at, record.lastAt)),
    record,
  )
  return reduced === record ? record : { ...reduced, version: record.version + 1 }
}

function apply(record: BatchRecord, event: BatchEvent): BatchRecord {
  switch (event.type) {
    case 'updateCommitted':
      return commitUpdate(record, event.token)
    case 'shardFinished':
      return finishShard(record, event)
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
      return record.isDeleting ? record : { ...cancel(record, 'deleted'), isDeleting: true }
    case 'poked':
      return event.resend ? forgetSent(record) : record
    default:
      return event satisfies never
  }
}

/** Only committed updates count: what was reserved and never committed leaves holes that nobody waits for. */
function commitUpdate(record: BatchRecord, token: string): BatchRecord {
  const update = record.updates.find((candidate) => candidate.token === token)
  if (update === undefined || update.isCommitted || record.isCancelled) return record
  const finished = record.finishedShards.padEnd(update.firstShard + update.shards, '0')
  return {
    ...record,
    updates: replaceUpdate(record, { ...update, isCommitted: true }),
    jobs: record.jobs + update.jobs,
    shards: record.shards + update.shards,
    finishedShards: finished,
    state: 'running',
    endedAt: undefined,
  }
}

const replaceUpdate = (record: BatchRecord, update: BatchUpdate): BatchUpdate[] =>
  record.updates.map((candidate) => (candidate.token === update.token ? update : candidate))

function finishShard(record: BatchRecord, event: Extract<BatchEvent, { type: 'shardFinished' }>): BatchRecord {
  if (record.finishedShards[event.shard] !== '0') return record
  const counted = { ...record, counts: addCounts(record.counts, event.counts) }
  const failures = event.counts.failed + event.counts.error
  return markFinished(failures > 0 ? withFailures(counted, event.shard, failures) : counted, event.shard)
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

/** A shard that can never be computed counts as finished; the batch is cancelled and says why. */
function breakShard(record: BatchRecord, event: Extract<BatchEvent, { type: 'shardBroken' }>): BatchRecord {
  const broken = record.broken ?? `shard ${event.shard}: ${event.reason}`
  const marked = record.finishedShards[event.shard] === '0' ? markFinished(record, event.shard) : record
  if (marked === record && record.broken !== undefined) return record
  return { ...cancel({ ...marked, reason: broken }, broken), broken }
}

const forgetSent = (record: BatchRecord): BatchRecord => ({
  ...record,
  updates: record.updates.map((update) => ({ ...update, isStartSent: false })),
})

/** All shards of committed updates are finished. */
export function isComplete(record: BatchRecord): boolean {
  const committed = record.updates.filter((update) => update.isCommitted)
  if (committed.length === 0) return record.isCancelled
  return committed.every((update) => {
    const digits = record.finishedShards.slice(update.firstShard, update.firstShard + update.shards)
    return digits.length === update.shards && !digits.includes('0')
  })
}

/** Completes the batch, once per time that it becomes complete; scratch goes only from then on. */
function conclude(record: BatchRecord, at: number): BatchRecord {
  if (record.endedAt !== undefined) return releaseScratch(record)
  const isSubmitted = record.updates.some((update) => update.isCommitted)
  const stamped = {
    ...record,
    lastAt: at,
    ...(isSubmitted && record.submittedAt === undefined && { submittedAt: at }),
  }
  if (!isComplete(record)) return isSame(record, stamped) ? record : stamped
  const state = finalState(record)
  return releaseScratch({ ...stamped, state, endedAt: at, completions: record.completions + 1 })
}

const isSame = (record: BatchRecord, stamped: BatchRecord): boolean => record.submittedAt === stamped.submittedAt

function finalState(record: BatchRecord): 'success' | 'failure' | 'cancelled' {
  if (record.counts.failed + record.counts.error > 0 || record.broken !== undefined) return 'failure'
  return record.isCancelled || record.counts.cancelled > 0 ? 'cancelled' : 'success'
}

/** The deletion is a commit first and an act afterwards, so that a later update that reads old files is refused. */
function releaseScratch(record: BatchRecord): BatchRecord {
  const mayGo = record.deleteScratch && record.scratch === 'kept' && record.endedAt !== undefined
  return mayGo ? { ...record, scratch: 'deleted' } : record
}
