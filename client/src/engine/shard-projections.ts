import { costOf, explain, plannedJob, type ShardPlan } from '../kernel/index.ts'
import {
  type AttemptEnd,
  type AttemptSummary,
  isBad,
  isTerminal,
  type JobDocument,
  objectPaths,
  type ShardEvent,
  type ShardRecord,
  stateOf,
} from '../model/index.ts'
import { paths } from './paths.ts'
import type { Projection } from './ports.ts'

/** What a commit has to tell people: one projection for each job that it moved. Pure. */
export function projectionsOf(
  plan: ShardPlan,
  before: ShardRecord,
  after: ShardRecord,
  events: readonly ShardEvent[],
): Projection[] {
  if (after.projection === 'none') return []
  const ends = endsByJob(events)
  const projections: Projection[] = []
  for (let index = 0; index < plan.size; index++) {
    const hasMoved =
      before.states[index] !== after.states[index] || before.leases[index]?.attempt !== after.leases[index]?.attempt
    if (!hasMoved) continue
    const state = stateOf(after.states[index] ?? 'p')
    if (after.projection === 'failed' && !isBad(state)) continue
    projections.push(project(plan, before, after, index, ends.get(after.firstJob + index)))
  }
  return projections
}

function endsByJob(events: readonly ShardEvent[]): Map<number, AttemptEnd> {
  const ends = new Map<number, AttemptEnd>()
  for (const event of events) if (event.type === 'attemptEnded') ends.set(event.job, event.end)
  return ends
}

function project(
  plan: ShardPlan,
  before: ShardRecord,
  after: ShardRecord,
  index: number,
  end: AttemptEnd | undefined,
): Projection {
  const job = after.firstJob + index
  const state = stateOf(after.states[index] ?? 'p')
  return {
    path: paths.job(after.batch, job),
    version: after.version,
    isFinal: isTerminal(state),
    fields: {
      version: after.version,
      job,
      name: plannedJob(plan, index).name,
      state,
      // Always written: a merge would leave the sentence of an earlier state.
      reason: explain(state, after.ends[index]) ?? (state === 'Running' ? 'it runs' : 'it succeeded'),
      attempt: attemptOf(after, index),
      cost: costOfJob(before, after, index),
      ...timesOf(after, index, end),
      ...attemptFields(before, after, index, end),
    },
  }
}

/** Of all its attempts that have ended. */
function costOfJob(before: ShardRecord, after: ShardRecord, index: number): number {
  const earlier = before.losses[index]?.spent ?? 0
  const hasEnded = after.leases[index]?.attempt !== before.leases[index]?.attempt
  return hasEnded ? earlier + costOf(before.leases[index], after.lastAt) : earlier
}

const costField = (cost: number) => (cost > 0 ? { cost } : {})

const attemptOf = (record: ShardRecord, index: number): number =>
  Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16)

function timesOf(after: ShardRecord, index: number, end: AttemptEnd | undefined): Partial<JobDocument> {
  const state = stateOf(after.states[index] ?? 'p')
  const startedAt = end?.startedAt ?? after.leases[index]?.startedAt
  return {
    ...(state === 'Ready' && { readyAt: after.lastAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(isTerminal(state) && { endedAt: end?.endedAt ?? after.lastAt }),
  }
}

/** The worker and log of the attempt in flight, and the summary of the one that has just ended. */
function attemptFields(
  before: ShardRecord,
  after: ShardRecord,
  index: number,
  end: AttemptEnd | undefined,
): Partial<JobDocument> {
  const lease = after.leases[index] ?? before.leases[index]
  if (lease === undefined) return {}
  const log = objectPaths.log(after.root, after.firstJob + index, lease.attempt)
  const current = { worker: lease.worker, log }
  if (after.leases[index]?.attempt === lease.attempt) return current
  const summary: AttemptSummary = {
    attempt: lease.attempt,
    worker: lease.worker,
    startedAt: end?.startedAt ?? lease.startedAt,
    endedAt: end?.endedAt ?? after.lastAt,
    cause: end?.cause ?? after.ends[index]?.cause ?? 'infrastructure',
    exitCode: end?.exitCode,
    message: end?.message,
    ...costField(costOf(before.leases[index], after.lastAt)),
    peak: end?.peak,
  }
  return {
    ...current,
    ...(end?.exitCode !== undefined && { exitCode: end.exitCode }),
    attempts: { [lease.attempt]: summary },
  }
}
