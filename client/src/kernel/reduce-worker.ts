import type { GrantRef, PoolId, Resources, WorkerId, WorkerRecord, WorkerState } from '../model/index.ts'

/** What may happen to a worker record. */
export type WorkerEvent =
  /** It asks for work, or says that it lives. */
  | {
      readonly type: 'seen'
      readonly at: number
      readonly leaseMs: number
      readonly free?: Resources | undefined
    }
  | {
      readonly type: 'granted'
      readonly request: number
      readonly grants: readonly GrantRef[]
      readonly at: number
      readonly leaseMs: number
      /** Room that is left beside the grants. */
      readonly free?: Resources | undefined
    }
  /** Shards in which it holds nothing any more. */
  | { readonly type: 'emptied'; readonly shards: readonly string[] }
  | { readonly type: 'left' }
  | { readonly type: 'fellSilent' }
  /** No lease of it is left anywhere. */
  | { readonly type: 'cleared' }

export function newWorkerRecord(id: WorkerId, pool: PoolId, at: number, leaseMs: number): WorkerRecord {
  return {
    version: 1,
    id,
    pool,
    state: 'active',
    registeredAt: at,
    renewedUntil: at + leaseMs,
    shards: [],
    lastRequest: 0,
    grants: [],
  }
}

/**
 * Lost and gone are for ever: a worker id is never used twice. A grant to a worker that is not active, or to a request
 * that was answered already, is refused: the very same record comes back, and the host must drop the grant. Its commit
 * fails on the record's revision if the worker was given up meanwhile.
 */
export function reduceWorker(record: WorkerRecord, event: WorkerEvent): WorkerRecord {
  switch (event.type) {
    case 'seen':
      return isActive(record) ? raise(renew(record, event)) : record
    case 'granted':
      return isActive(record) && event.request > record.lastRequest ? grantTo(record, event) : record
    case 'emptied':
      return empty(record, event.shards)
    case 'left':
      return moveTo(record, 'leaving')
    case 'fellSilent':
      return moveTo(record, 'lost')
    case 'cleared':
      return bury(moveTo(record, 'gone'))
    default:
      return event satisfies never
  }
}

/** By then nothing that a worker has sent can still be under way. */
const goneForMs = 7 * 24 * 3_600_000

const bury = (record: WorkerRecord): WorkerRecord =>
  record.expireAt === undefined ? { ...record, expireAt: record.renewedUntil + goneForMs } : record

const ranks: Record<WorkerState, number> = { active: 0, leaving: 1, lost: 2, gone: 3 }

export const isActive = (record: WorkerRecord): boolean => record.state === 'active'

const moveTo = (record: WorkerRecord, state: WorkerState): WorkerRecord =>
  ranks[state] > ranks[record.state] ? raise({ ...record, state }) : record

const raise = (record: WorkerRecord): WorkerRecord => ({ ...record, version: record.version + 1 })

/** Clocks of two hosts differ: a renewal never shortens what another one has promised. */
const renew = (
  record: WorkerRecord,
  event: { at: number; leaseMs: number; free?: Resources | undefined },
): WorkerRecord => ({
  ...record,
  renewedUntil: Math.max(record.renewedUntil, event.at + event.leaseMs),
  ...(event.free !== undefined && { free: event.free }),
})

function empty(record: WorkerRecord, emptied: readonly string[]): WorkerRecord {
  const shards = record.shards.filter((shard) => !emptied.includes(shard))
  return shards.length === record.shards.length ? record : raise({ ...record, shards })
}

function grantTo(record: WorkerRecord, event: Extract<WorkerEvent, { type: 'granted' }>): WorkerRecord {
  const shards = new Set([...record.shards, ...event.grants.map((grant) => `${grant.batch}/${grant.shard}`)])
  return raise({
    ...renew(record, event),
    shards: [...shards],
    lastRequest: event.request,
    grants: [...event.grants],
  })
}
