import { type AttemptEnd, isTerminal, type Lease, type ShardEvent } from '../model/index.ts'
import { costOf } from './cost-of.ts'
import { type Draft, indexOfJob, setState, stateAt } from './draft.ts'
import type { IgnoredReason, Outcome } from './outcome.ts'
import { judgeEnd } from './retries.ts'
import { endJob } from './settle.ts'
import { templateOf } from './shard-plan.ts'

type AttemptStarted = Extract<ShardEvent, { type: 'attemptStarted' }>
type AttemptEnded = Extract<ShardEvent, { type: 'attemptEnded' }>
type WorkerLost = Extract<ShardEvent, { type: 'workerLost' }>
type HoldingsReported = Extract<ShardEvent, { type: 'holdingsReported' }>

/** A lease that its worker should hold and does not is given this long: the answer may still be on its way. */
export const missingLeaseGraceMs = 120_000

export function onAttemptStarted(draft: Draft, event: AttemptStarted): Outcome {
  const current = currentLease(draft, event)
  if (current.kind === 'ignored') return current
  if (stateAt(draft, current.index) === 'Running') return { kind: 'ignored', reason: 'alreadyRunning' }
  draft.leases.set(current.index, { ...current.lease, startedAt: event.startedAt })
  setState(draft, current.index, 'Running')
  return { kind: 'applied' }
}

export function onAttemptEnded(draft: Draft, event: AttemptEnded): Outcome {
  const current = currentLease(draft, event)
  if (current.kind === 'ignored') return current
  endAttempt(draft, current.index, event.end)
  return { kind: 'applied' }
}

/** Every lease of the worker is lost; the jobs go back to Ready, at no cost to the user's own retries. */
export function onWorkerLost(draft: Draft, event: WorkerLost): Outcome {
  const lost = [...draft.leases].filter(([, lease]) => lease.worker === event.worker)
  if (lost.length === 0) return { kind: 'ignored', reason: 'nothingHeld' }
  // That a machine was taken away says all.
  const why = event.cause === 'preempted' ? {} : { message: `its worker ${event.worker} was lost` }
  const { cause, lingersMs } = event
  for (const [index] of lost) endAttempt(draft, index, { cause, ...why, ...(lingersMs !== undefined && { lingersMs }) })
  return { kind: 'applied' }
}

/**
 * A live worker tells what it holds. A lease of an answered request that it does not hold is retired after a grace:
 * it never got the answer, or its end was lost. What it holds and should not, it is told to stop.
 */
export function onHoldingsReported(draft: Draft, event: HoldingsReported): Outcome {
  const held = new Set(event.held.map(([job, attempt]) => `${job}:${attempt}`))
  let hasRetired = false
  for (const [index, lease] of [...draft.leases]) {
    if (lease.worker !== event.worker || held.has(`${draft.base.firstJob + index}:${lease.attempt}`)) continue
    const isSettled = lease.request <= event.highest && lease.request !== event.open
    if (!isSettled || draft.at - lease.at < missingLeaseGraceMs) continue
    endAttempt(draft, index, { cause: 'infrastructure', message: `its worker ${event.worker} no longer has it` })
    hasRetired = true
  }
  const stops = event.held
    .map(([job, attempt]) => ({ job, attempt }))
    .filter((ref) => mustStop(draft, event.worker, ref.job, ref.attempt))
  const reply = { kind: 'held', stops } as const
  return hasRetired ? { kind: 'applied', reply } : { kind: 'ignored', reason: 'nothingHeld', reply }
}

function mustStop(draft: Draft, worker: string, job: number, attempt: number): boolean {
  const lease = draft.leases.get(job - draft.base.firstJob)
  return lease === undefined || lease.attempt !== attempt || lease.worker !== worker || lease.stopping === true
}

/** The fence: only an event of the current attempt counts. A retired attempt's events are ignored, success too. */
function currentLease(
  draft: Draft,
  event: AttemptStarted | AttemptEnded,
): { kind: 'current'; index: number; lease: Lease } | { kind: 'ignored'; reason: IgnoredReason } {
  const index = indexOfJob(draft, event.job)
  if (index === undefined) return { kind: 'ignored', reason: 'unknownJob' }
  if (isTerminal(stateAt(draft, index))) return { kind: 'ignored', reason: 'alreadyTerminal' }
  const lease = draft.leases.get(index)
  if (lease === undefined || lease.attempt !== event.attempt) return { kind: 'ignored', reason: 'staleAttempt' }
  if (lease.worker !== event.worker) return { kind: 'ignored', reason: 'otherWorker' }
  return { kind: 'current', index, lease }
}

/** Success stands even while stopping; any other end of a stopping attempt is the cancellation that was asked for. */
function endAttempt(draft: Draft, index: number, end: AttemptEnd): void {
  const lease = draft.leases.get(index)
  if (lease !== undefined) draft.ended.push({ job: draft.base.firstJob + index, lease, end, at: draft.at })
  payFor(draft, index)
  if (end.cause === 'success') endJob(draft, index, 'Success', undefined)
  else if (lease?.stopping === true) endJob(draft, index, 'Cancelled', { cause: 'cancelled' })
  else endBadly(draft, index, end)
}

/** Each attempt ends once in the record, so each is paid once. */
function payFor(draft: Draft, index: number): void {
  const dollars = costOf(draft.leases.get(index), draft.at)
  if (dollars > 0) draft.spent = (draft.spent ?? 0) + dollars
}

/** What a job has cost so far goes with it to its next attempt. */
function spentBy(draft: Draft, index: number): { spent?: number } {
  const spent = (draft.losses.get(index)?.spent ?? 0) + costOf(draft.leases.get(index), draft.at)
  return spent > 0 ? { spent } : {}
}

function endBadly(draft: Draft, index: number, end: AttemptEnd): void {
  const verdict = judgeEnd(templateOf(draft.plan, index), draft.losses.get(index), draft.attempts[index] ?? 0, end)
  if (verdict.kind === 'final') {
    endJob(draft, index, verdict.state, verdict.reason)
    return
  }
  draft.losses.set(index, { ...verdict.losses, ...spentBy(draft, index) })
  draft.leases.delete(index)
  if (verdict.backOffMs > 0) draft.notBefore.set(index, draft.at + verdict.backOffMs)
  setState(draft, index, 'Ready')
}
