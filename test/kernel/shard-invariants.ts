import { effects, type ShardPlan, templateOf } from 'graupel/kernel'
import {
  countStates,
  isInFlight,
  type JobState,
  poolOf,
  type ShardEvent,
  type ShardRecord,
  stateOf,
} from 'graupel/model'

/** What a job may do in one step. `Ready → Running` and the like only happen when several events come together. */
const nextStates: Record<JobState, readonly JobState[]> = {
  Pending: ['Ready', 'Cancelled'],
  Ready: ['Creating', 'Cancelled', 'Error'],
  Creating: ['Running', 'Ready', 'Success', 'Failed', 'Error', 'Cancelled'],
  Running: ['Ready', 'Success', 'Failed', 'Error', 'Cancelled'],
  Success: [],
  Failed: [],
  Error: [],
  Cancelled: [],
}

/** A job that becomes Ready by the end of another in a failed pool fails with it, or the event said again would do it. */
const mayStep = (from: JobState, to: JobState, event: ShardEvent): boolean =>
  nextStates[from].includes(to) || (event.type === 'poolFailed' && from === 'Pending' && to === 'Error')

/** Throws with its message if what it says is not so. Plain, because it is asked millions of times. */
export function check(isSo: boolean, message: () => string): asserts isSo {
  if (!isSo) throw new Error(message())
}

/** What holds of every record, however it came about. */
export function checkRecord(plan: ShardPlan, record: ShardRecord): void {
  const states = Array.from(record.states, stateOf)
  const told = () => JSON.stringify(record)
  check(JSON.stringify(record.counts) === JSON.stringify(countStates(record.states)), () => `counts: ${told()}`)
  const pools = states.flatMap((state, index) =>
    state === 'Ready' ? [poolOf(templateOf(plan, index), record.losses[index])] : [],
  )
  check(record.readyPools.join() === [...new Set(pools)].sort().join(), () => `readyPools: ${told()}`)
  for (const [index, state] of states.entries()) {
    const lease = record.leases[index]
    check(isInFlight(state) === (lease !== undefined), () => `job at ${index} is ${state} and its lease: ${told()}`)
    if (lease !== undefined)
      check(lease.attempt === attemptsAt(record, index), () => `an old attempt has the lease: ${told()}`)
    const isExempt = templateOf(plan, index).alwaysRun || lease?.stopping === true
    const isOpen = state === 'Pending' || state === 'Ready' || isInFlight(state)
    check(!record.isCancelled || !isOpen || isExempt, () => `open in a cancelled shard: ${told()}`)
    check(record.isStarted || state === 'Pending' || state === 'Cancelled', () => `moved before the start: ${told()}`)
  }
}

/** What holds of every step from one record to the next by a single event. */
export function checkStep(plan: ShardPlan, before: ShardRecord, after: ShardRecord, event: ShardEvent): void {
  const told = () => `${JSON.stringify(before)}\n→ ${JSON.stringify(after)}`
  if (before === after) return
  check(after.version === before.version + 1, () => `version: ${told()}`)
  check(isChanged(before, after), () => `a new record says nothing new: ${told()}`)
  for (let index = 0; index < plan.size; index++) {
    const from = stateOf(before.states[index] ?? '')
    const to = stateOf(after.states[index] ?? '')
    check(from === to || mayStep(from, to, event), () => `${from} → ${to}: ${told()}`)
    const grown = attemptsAt(after, index) - attemptsAt(before, index)
    check(grown === (from === 'Ready' && to === 'Creating' ? 1 : 0), () => `attempts of ${index}: ${told()}`)
    if (to === 'Ready' && from === 'Pending') checkParents(plan, after, index)
  }
  const keys = new Set(edgeKeys(plan, after))
  for (const key of edgeKeys(plan, before)) check(keys.has(key), () => `the fact ${key} was forgotten: ${told()}`)
}

function checkParents(plan: ShardPlan, record: ShardRecord, index: number): void {
  const { alwaysRun } = templateOf(plan, index)
  const letters = [
    ...(plan.parents[index] ?? []).map((parent) => record.states[parent] ?? 'p'),
    ...(plan.portsOf[index] ?? []).map((port) => (record.ports[port] ?? '.').toUpperCase()),
  ]
  const mayGo = alwaysRun ? /^[SFEX]*$/ : /^S*$/
  check(mayGo.test(letters.join('')), () => `job at ${index} left Pending, its parents are ${letters.join('')}`)
}

export const attemptsAt = (record: ShardRecord, index: number): number =>
  Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16)

const edgeKeys = (plan: ShardPlan, record: ShardRecord): string[] =>
  effects(plan, record).flatMap((effect) => (effect.kind === 'resolveEdges' ? [effect.key] : []))

function isChanged(before: ShardRecord, after: ShardRecord): boolean {
  const { version, lastAt, ...rest } = after
  return JSON.stringify(rest) !== JSON.stringify({ ...before, version: undefined, lastAt: undefined })
}
