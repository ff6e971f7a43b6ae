import {
  countStates,
  type EndReason,
  type JobState,
  type Lease,
  type Losses,
  letterOf,
  type PoolId,
  poolOf,
  type ShardRecord,
  stateOf,
} from '../model/index.ts'
import type { EndedAttempt } from './outcome.ts'
import { type ShardPlan, templateOf } from './shard-plan.ts'

/** A shard record taken apart for one call of `reduce`; nobody else sees it. */
export interface Draft {
  readonly plan: ShardPlan
  readonly base: ShardRecord
  readonly states: JobState[]
  readonly attempts: number[]
  readonly ports: string[]
  readonly leases: Map<number, Lease>
  readonly losses: Map<number, Losses>
  readonly ends: Map<number, EndReason>
  readonly notBefore: Map<number, number>
  attached: readonly number[]
  sentPorts: string
  sentFinished: boolean
  sweeps: number
  isStarted: boolean
  isCancelled: boolean
  paused: string | undefined
  resumes: number | undefined
  spent: number | undefined
  /** By the event being reduced. */
  ended: EndedAttempt[]
  /** The time of the event being reduced, in ms since 1970. */
  at: number
  hasChanged: boolean
}

const byIndex = <T>(map: Readonly<Record<string, T>>) =>
  new Map(Object.entries(map).map(([index, value]) => [Number(index), value]))

/** A record of another plan, or a damaged one, must not be reduced to nonsense that looks sound. */
function checkBelongs(plan: ShardPlan, record: ShardRecord): void {
  const { chunk, size, portCount } = plan
  const isOfPlan = record.shard === chunk.shard && record.firstJob === chunk.firstJob
  const hasLengths = record.states.length === size && record.ports.length === portCount
  if (!isOfPlan || !hasLengths) throw new Error(`the record of shard ${record.shard} does not belong to its plan`)
  if (record.attempts.length !== 2 * size || !/^[0-9a-f]*$/.test(record.attempts))
    throw new Error(`the record of shard ${record.shard} is damaged: attempts '${record.attempts}'`)
}

/** @throws Error if plan and record do not belong together, or the record is damaged */
export function openDraft(plan: ShardPlan, record: ShardRecord): Draft {
  checkBelongs(plan, record)
  return {
    plan,
    base: record,
    states: Array.from(record.states, stateOf),
    attempts: Array.from({ length: plan.size }, (_, index) =>
      Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16),
    ),
    ports: [...record.ports],
    leases: byIndex(record.leases),
    losses: byIndex(record.losses),
    ends: byIndex(record.ends),
    notBefore: byIndex(record.notBefore),
    attached: record.attached,
    sentPorts: record.sentPorts,
    sentFinished: record.sentFinished,
    sweeps: record.sweeps,
    isStarted: record.isStarted,
    isCancelled: record.isCancelled,
    paused: record.paused,
    resumes: record.resumes,
    spent: record.spent,
    ended: [],
    at: record.lastAt,
    hasChanged: false,
  }
}

/** The record as the draft leaves it: the very same object if nothing changed, else one version further. */
export function closeDraft(draft: Draft): ShardRecord {
  if (!draft.hasChanged) return draft.base
  const states = draft.states.map(letterOf).join('')
  const { paused: _, ...base } = draft.base
  return {
    ...base,
    version: draft.base.version + 1,
    isStarted: draft.isStarted,
    isCancelled: draft.isCancelled,
    ...(draft.paused !== undefined && { paused: draft.paused }),
    ...(draft.resumes !== undefined && { resumes: draft.resumes }),
    ...(draft.spent !== undefined && { spent: draft.spent }),
    states,
    attempts: draft.attempts.map((used) => used.toString(16).padStart(2, '0')).join(''),
    ports: draft.ports.join(''),
    leases: Object.fromEntries(draft.leases),
    losses: Object.fromEntries(draft.losses),
    ends: Object.fromEntries(draft.ends),
    notBefore: Object.fromEntries(draft.notBefore),
    attached: [...draft.attached],
    sentPorts: draft.sentPorts,
    sentFinished: draft.sentFinished,
    sweeps: draft.sweeps,
    counts: countStates(states),
    readyPools: readyPools(draft),
    lastAt: draft.at,
  }
}

/** None while it pauses. Recomputed from the states in every commit, never edited: an edited list drifts from what is ready. */
function readyPools(draft: Draft): PoolId[] {
  const pools = new Set<PoolId>()
  if (draft.paused !== undefined) return []
  for (const [index, state] of draft.states.entries())
    if (state === 'Ready') pools.add(poolOf(templateOf(draft.plan, index), draft.losses.get(index)))
  return [...pools].sort()
}

/** @throws Error if there is no such index */
export function stateAt(draft: Draft, index: number): JobState {
  const state = draft.states[index]
  if (state === undefined) throw new Error(`shard ${draft.base.shard} has no job at index ${index}`)
  return state
}

export function setState(draft: Draft, index: number, state: JobState): void {
  draft.states[index] = state
  draft.hasChanged = true
}

/** The index of a job in its shard; undefined if it is another shard's. */
export function indexOfJob(draft: Draft, job: number): number | undefined {
  const index = job - draft.base.firstJob
  return index >= 0 && index < draft.plan.size ? index : undefined
}
