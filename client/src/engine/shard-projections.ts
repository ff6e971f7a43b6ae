import { costOf, type EndedAttempt, explain, plannedJob, type ShardPlan } from '../kernel/index.ts'
import {
  type AttemptSummary,
  isBad,
  isTerminal,
  type JobDocument,
  objectPaths,
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
  ended: readonly EndedAttempt[],
): Projection[] {
  if (after.projection === 'none') return []
  const endedOf = Map.groupBy(ended, ({ job }) => job)
  const projections: Projection[] = []
  for (let index = 0; index < plan.size; index++) {
    const hasMoved =
      before.states[index] !== after.states[index] || before.leases[index]?.attempt !== after.leases[index]?.attempt
    if (!hasMoved) continue
    const state = stateOf(after.states[index] ?? 'p')
    if (after.projection === 'failed' && !isBad(state)) continue
    projections.push(project(plan, before, after, index, endedOf.get(after.firstJob + index) ?? []))
  }
  return projections
}

function project(
  plan: ShardPlan,
  before: ShardRecord,
  after: ShardRecord,
  index: number,
  ended: readonly EndedAttempt[],
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
      cost: costOfJob(before, index, ended),
      ...timesOf(after, index, ended.at(-1)),
      ...newestFields(after, index, ended.at(-1)),
      ...(ended.length > 0 && { attempts: summariesOf(ended) }),
    },
  }
}

/** Of all its attempts that have ended. */
const costOfJob = (before: ShardRecord, index: number, ended: readonly EndedAttempt[]): number =>
  ended.reduce((sum, { lease, at }) => sum + costOf(lease, at), before.losses[index]?.spent ?? 0)

const costField = (cost: number) => (cost > 0 ? { cost } : {})

const attemptOf = (record: ShardRecord, index: number): number =>
  Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16)

/** Of the attempt in flight, or else of the one that has just ended. */
function timesOf(after: ShardRecord, index: number, ended: EndedAttempt | undefined): Partial<JobDocument> {
  const state = stateOf(after.states[index] ?? 'p')
  const lease = after.leases[index]
  const startedAt = lease === undefined ? startOf(ended) : lease.startedAt
  return {
    ...(state === 'Ready' && { readyAt: after.lastAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(isTerminal(state) && { endedAt: ended?.end.endedAt ?? after.lastAt }),
  }
}

const startOf = (ended: EndedAttempt | undefined): number | undefined => ended?.end.startedAt ?? ended?.lease.startedAt

/** The worker and log of the attempt in flight, or else of the one that has just ended, and how this ended. */
function newestFields(after: ShardRecord, index: number, ended: EndedAttempt | undefined): Partial<JobDocument> {
  const lease = after.leases[index] ?? ended?.lease
  if (lease === undefined) return {}
  const log = objectPaths.log(after.root, after.firstJob + index, lease.attempt)
  const exitCode = lease === ended?.lease ? ended.end.exitCode : undefined
  return { worker: lease.worker, log, ...(exitCode !== undefined && { exitCode }) }
}

/** One commit may end several attempts of a job, and grant another besides: each is told of, or it would be lost. */
const summariesOf = (ended: readonly EndedAttempt[]): Record<string, AttemptSummary> =>
  Object.fromEntries(ended.map((one) => [one.lease.attempt, summaryOf(one)]))

const summaryOf = (ended: EndedAttempt): AttemptSummary => ({
  attempt: ended.lease.attempt,
  worker: ended.lease.worker,
  startedAt: startOf(ended),
  endedAt: ended.end.endedAt ?? ended.at,
  cause: ended.end.cause,
  exitCode: ended.end.exitCode,
  message: ended.end.message,
  ...costField(costOf(ended.lease, ended.at)),
  peak: ended.end.peak,
})
