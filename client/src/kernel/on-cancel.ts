import { isInFlight, type Ranges, type ShardEvent } from '../model/index.ts'
import { inClippedRanges } from './clip-ranges.ts'
import { type Draft, stateAt } from './draft.ts'
import type { Outcome } from './outcome.ts'
import { endJob } from './settle.ts'
import { templateOf } from './shard-plan.ts'

type CancelRequested = Extract<ShardEvent, { type: 'cancelRequested' }>

/** Cancels the whole shard, always-run jobs excepted, or the named jobs, always-run or not. */
export function onCancelRequested(draft: Draft, event: CancelRequested): Outcome {
  if (event.jobs !== undefined) return cancelNamed(draft, event.jobs, event.reason)
  if (draft.isCancelled) return { kind: 'ignored', reason: 'alreadyCancelled' }
  draft.isCancelled = true
  draft.hasChanged = true
  // Children first: else each would be ended by its parent, and say so instead of that it was cancelled.
  for (let index = draft.plan.size - 1; index >= 0; index--)
    if (!templateOf(draft.plan, index).alwaysRun) cancelJob(draft, index, event.reason)
  return { kind: 'applied' }
}

function cancelNamed(draft: Draft, jobs: Ranges, reason: string | undefined): Outcome {
  const { firstJob } = draft.base
  const numbers = [...inClippedRanges(jobs, firstJob, firstJob + draft.plan.size - 1)]
  const indexes = numbers.map((job) => job - firstJob).reverse()
  if (indexes.length === 0) return { kind: 'ignored', reason: 'unknownJob' }
  const cancelled = indexes.filter((index) => cancelJob(draft, index, reason))
  return cancelled.length > 0 ? { kind: 'applied' } : { kind: 'ignored', reason: 'alreadyTerminal' }
}

/**
 * A job in flight keeps its state and its lease until its worker has let go: dropping the lease would lose the order
 * to stop, and the batch would be complete while containers still run.
 */
function cancelJob(draft: Draft, index: number, reason: string | undefined): boolean {
  const state = stateAt(draft, index)
  const lease = draft.leases.get(index)
  if (isInFlight(state) && lease !== undefined) {
    if (lease.stopping === true) return false
    draft.leases.set(index, { ...lease, stopping: true })
    draft.hasChanged = true
    return true
  }
  if (state !== 'Pending' && state !== 'Ready') return false
  endJob(draft, index, 'Cancelled', { cause: 'cancelled', ...(reason !== undefined && { message: reason }) })
  return true
}
