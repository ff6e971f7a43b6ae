import type { Reduction, Stamped } from 'graupel/kernel'
import { reduce } from 'graupel/kernel'
import {
  type AttemptEnd,
  type Cause,
  type JobState,
  type Resources,
  type ShardEvent,
  type ShardRecord,
  shardId,
  stateOf,
  type WorkerId,
} from 'graupel/model'
import type { SmallShard } from './small-plans.ts'

type EventOf<T extends ShardEvent['type']> = Extract<ShardEvent, { type: T }>

export const started: ShardEvent = { type: 'batchStarted' }

export const plenty: Resources = { cpuMillis: 1e9, memoryBytes: 1e15, storageBytes: 1e15 }

export const lease = (
  worker: WorkerId,
  request: number,
  more: Partial<EventOf<'leaseRequested'>> = {},
): EventOf<'leaseRequested'> => ({
  type: 'leaseRequested',
  worker,
  request,
  free: plenty,
  total: plenty,
  maxJobs: 1000,
  isEmpty: true,
  ...more,
})

export const attemptStarted = (job: number, attempt: number, worker: WorkerId): ShardEvent => ({
  type: 'attemptStarted',
  job,
  attempt,
  worker,
  startedAt: 0,
})

export const attemptEnded = (
  job: number,
  attempt: number,
  worker: WorkerId,
  cause: Cause,
  more: Partial<AttemptEnd> = {},
): ShardEvent => ({ type: 'attemptEnded', job, attempt, worker, end: { cause, ...more } })

export const workerLost = (
  worker: WorkerId,
  cause: 'preempted' | 'infrastructure' = 'infrastructure',
  more: { readonly lingersMs?: number } = {},
): ShardEvent => ({ type: 'workerLost', worker, cause, ...more })

export const holdings = (
  worker: WorkerId,
  held: [number, number][],
  more: Partial<EventOf<'holdingsReported'>> = {},
): ShardEvent => ({ type: 'holdingsReported', worker, highest: 1000, held, ...more })

export const cancelBatch: ShardEvent = { type: 'cancelRequested' }
export const cancelJobs = (...jobs: number[]): ShardEvent => ({ type: 'cancelRequested', jobs })

export const resolved = (fromShard: number, succeeded: number[], failed: number[] = []): ShardEvent => ({
  type: 'edgesResolved',
  fromShard: shardId(fromShard),
  succeeded,
  failed,
})

/** One shard that is spoken to, event by event. */
export class Conversation {
  readonly plan: SmallShard['plan']
  record: ShardRecord

  constructor(shard: SmallShard) {
    this.plan = shard.plan
    this.record = shard.record
  }

  /** Reduces the events together, at a time or at the time of the newest event so far. */
  say(events: readonly ShardEvent[], at: number = this.record.lastAt): Reduction {
    const reduction = reduce(
      this.plan,
      this.record,
      events.map((event): Stamped<ShardEvent> => ({ at, event })),
    )
    this.record = reduction.record
    return reduction
  }

  get states(): JobState[] {
    return Array.from(this.record.states, stateOf)
  }

  /** Numbers of the jobs that a worker is given; [] if none. */
  grants(event: ShardEvent, at?: number): number[] {
    const reply = this.say([event], at).outcomes[0]?.reply
    return reply?.kind === 'granted' ? reply.grants.map((grant) => grant.job) : []
  }
}
