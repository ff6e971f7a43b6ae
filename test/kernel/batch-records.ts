import { newBatchRecord, reduceBatch, type Stamped } from 'graupel/kernel'
import {
  type BatchEvent,
  type BatchRecord,
  type BatchUpdate,
  batchId,
  noJobs,
  type StateCounts,
  shardId,
} from 'graupel/model'

/** A batch of `shards` shards, one job each, reserved and not committed. */
export function openBatch(shards: number, more: Partial<BatchRecord> = {}): BatchRecord {
  const batch = newBatchRecord(
    {
      id: batchId('smallbatch'),
      user: 'someone',
      attributes: {},
      root: 'file:///smallbatch',
      lanes: { count: 1, deployed: 1 },
      deleteScratch: true,
      scratch: 'kept',
      createdAt: 1000,
    },
    { token: 'first', jobs: shards, shards, planHash: 'plan' },
  )
  return { ...batch, ...more }
}

export const commit = (token = 'first'): BatchEvent => ({ type: 'updateCommitted', token })

export const finished = (shard: number, counts: Partial<StateCounts> = { success: 1 }): BatchEvent => ({
  type: 'shardFinished',
  shard: shardId(shard),
  counts: { ...noJobs, ...counts },
})

export const failures = (shard: number, count: number): BatchEvent => ({
  type: 'failuresSeen',
  shard: shardId(shard),
  failures: count,
})

export const broken = (shard: number, reason = 'no such chunk'): BatchEvent => ({
  type: 'shardBroken',
  shard: shardId(shard),
  reason,
})

export const cancelAll: BatchEvent = { type: 'cancelRequested', reason: 'enough' }
export const deletion: BatchEvent = { type: 'deleteRequested' }
export const poke: BatchEvent = { type: 'poked', resend: true }

/** The record after these events, one commit each. */
export const recordAfter = (record: BatchRecord, ...events: BatchEvent[]): BatchRecord =>
  events.reduce((current, event) => reduceBatch(current, [stampedAt(current.lastAt, event)]), record)

export const stampedAt = (at: number, event: BatchEvent): Stamped<BatchEvent> => ({ at, event })

/** Running, with so many shards. */
export const runningBatch = (shards: number, more: Partial<BatchRecord> = {}): BatchRecord =>
  recordAfter(openBatch(shards, more), commit())

/** With a further update reserved, as a client does it. */
export function withReservation(
  record: BatchRecord,
  token: string,
  shards: number,
  attachesTo: number[] = [],
): BatchRecord {
  const last = record.updates.at(-1)
  if (last === undefined) throw new Error('a batch has a first update')
  const update: BatchUpdate = {
    number: last.number + 1,
    token,
    firstJob: last.firstJob + last.jobs,
    jobs: shards,
    firstShard: last.firstShard + last.shards,
    shards,
    planHash: token,
    isCommitted: false,
    isStartSent: false,
    attachesTo,
  }
  return { ...record, updates: [...record.updates, update] }
}
