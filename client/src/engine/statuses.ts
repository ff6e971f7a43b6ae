import { costOf, explain } from '../kernel/index.ts'
import {
  type AttemptSummary,
  type BatchRecord,
  type BatchState,
  isInFlight,
  isTerminal,
  type JobState,
  type StateCounts,
} from '../model/index.ts'
import { dollarsOfJob } from './costs.ts'
import { explainJob } from './explain-waiting.ts'
import { type StoredJob, stateAt } from './stored-job.ts'

/** A batch at one moment. What is not known yet is `undefined`. */
export interface BatchSummary {
  readonly id: string
  readonly name: string | undefined
  readonly state: BatchState
  readonly attributes: Readonly<Record<string, string>>
  /** Jobs per state. */
  readonly counts: Readonly<StateCounts>
  readonly createdAt: Date
  readonly endedAt: Date | undefined
  readonly durationMs: number | undefined
  /** US dollars of all its attempts, of those in flight so far; 0 on this machine. */
  readonly cost: number
}

/** A job at one moment. What is not known yet is `undefined`. */
export interface JobSummary {
  readonly id: number
  readonly name: string | undefined
  readonly state: JobState
  /** A sentence whenever the job waits or did not succeed. */
  readonly reason: string | undefined
  readonly attributes: Readonly<Record<string, string>>
  /** Number of its newest attempt; 0 before the first. */
  readonly attempt: number
  readonly worker: string | undefined
  readonly exitCode: number | undefined
  readonly readyAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly durationMs: number | undefined
  /** US dollars of all its attempts, of those in flight so far; 0 on this machine. */
  readonly cost: number
}

/** One try to run a job. */
export interface AttemptStatus {
  readonly attempt: number
  readonly worker: string | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly reason: string | undefined
  readonly exitCode: number | undefined
  /**
   * US dollars: its share of the machine since it was given to the worker; of one in flight so far. 0 on this machine.
   * Prices are list prices: see the date in `functions/src/compute/prices`.
   */
  readonly cost: number
}

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms))

/** @param counts of all jobs of the batch at this moment @param cost of all attempts so far */
export function batchStatusOf(record: BatchRecord, counts: StateCounts, cost: number): BatchSummary {
  const { id, name, state, attributes, createdAt, endedAt } = record
  return {
    id,
    name,
    state,
    attributes,
    counts,
    createdAt: new Date(createdAt),
    endedAt: dateOf(endedAt),
    durationMs: endedAt === undefined ? undefined : endedAt - createdAt,
    cost,
  }
}

/**
 * The state, and all that follows from it, is the record's; the document adds what only it knows.
 * @param now in ms since 1970: what runs costs until then
 */
export function jobStatusOf(job: StoredJob, now: number): JobSummary {
  const { shard, index, planned, document } = job
  const state = stateAt(shard, index)
  const attempt = Number.parseInt(shard.attempts.slice(2 * index, 2 * index + 2), 16) || 0
  const lease = shard.leases[index]
  // A late document tells of an attempt that is over: its times and its worker are not this one's.
  const known = document?.attempt === attempt ? document : undefined
  const startedAt = isInFlight(state) || isTerminal(state) ? (lease ?? known)?.startedAt : undefined
  const endedAt = isTerminal(state) ? known?.endedAt : undefined
  return {
    id: shard.firstJob + index,
    name: planned?.name ?? document?.name,
    state,
    reason: explainJob(job, now),
    attributes: planned?.attributes ?? {},
    attempt,
    worker: lease?.worker ?? known?.worker,
    exitCode: isTerminal(state) ? (shard.ends[index]?.exitCode ?? known?.exitCode) : undefined,
    readyAt: dateOf(document?.readyAt),
    startedAt: dateOf(startedAt),
    endedAt: dateOf(endedAt),
    durationMs: startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt,
    cost: dollarsOfJob(shard, { index, told: document?.cost, now }),
  }
}

/**
 * Every attempt that is known, oldest first: those that ended are in the document, the one in flight in the record.
 * @param now in ms since 1970: the one in flight costs until then
 */
export function attemptStatusesOf({ shard, index, document }: StoredJob, now: number): AttemptStatus[] {
  const ended = Object.values(document?.attempts ?? {}).map(endedAttempt)
  const lease = shard.leases[index]
  const isTold = lease === undefined || ended.some(({ attempt }) => attempt === lease.attempt)
  const { attempt = 0, worker, startedAt } = lease ?? {}
  const current = {
    attempt,
    worker,
    startedAt: dateOf(startedAt),
    endedAt: undefined,
    reason: undefined,
    exitCode: undefined,
    cost: costOf(lease, now),
  }
  return [...ended, ...(isTold ? [] : [current])].sort((left, right) => left.attempt - right.attempt)
}

function endedAttempt(summary: AttemptSummary): AttemptStatus {
  const { attempt, worker, startedAt, endedAt, exitCode, cost = 0 } = summary
  const reason = attemptReason(summary)
  return { attempt, worker, startedAt: dateOf(startedAt), endedAt: dateOf(endedAt), reason, exitCode, cost }
}

/** One lost attempt, unlike a job that has lost too many. */
function attemptReason({ cause, exitCode, message }: AttemptSummary): string | undefined {
  if (cause === undefined || cause === 'success') return undefined
  const detail = message === undefined ? '' : `: ${message}`
  if (cause === 'preempted') return `its machine was taken away${detail}`
  if (cause === 'infrastructure')
    return message === undefined ? 'its worker was lost' : `its machine failed it${detail}`
  return explain('Error', { cause, exitCode, message })
}
