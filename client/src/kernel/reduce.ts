import type { ShardEvent, ShardRecord } from '../model/index.ts'
import { closeDraft, type Draft, openDraft } from './draft.ts'
import { onAttemptEnded, onAttemptStarted, onHoldingsReported, onWorkerLost } from './on-attempt.ts'
import { onCancelRequested } from './on-cancel.ts'
import { onBatchStarted, onEdgesAsked, onEdgesResolved, onPortsAttached } from './on-edges.ts'
import { onLeaseRequested } from './on-lease.ts'
import { onPauseSet } from './on-pause.ts'
import { onPoolFailed, onSwept } from './on-sweep.ts'
import type { Outcome } from './outcome.ts'
import type { ShardPlan } from './shard-plan.ts'

/** An event and when its host saw it, in ms since 1970. */
export interface Stamped<E> {
  readonly at: number
  readonly event: E
}

export interface Reduction {
  /** The very record that was given, if no event changed anything. */
  readonly record: ShardRecord
  /** One for each event, in their order. */
  readonly outcomes: readonly Outcome[]
}

/**
 * Everything that may happen to a shard. Total over every state and event: what does not apply is ignored, with a named
 * reason. Reads no clock, draws no randomness, does no I/O; what follows from the record is `effects(plan, record)`.
 *
 * @throws Error only if plan and record do not belong together, or the record is damaged
 */
export function reduce(plan: ShardPlan, record: ShardRecord, events: readonly Stamped<ShardEvent>[]): Reduction {
  const draft = openDraft(plan, record)
  const outcomes = events.map(({ at, event }) => {
    // Time never runs backwards in a record, whichever machine's clock stamped the event.
    draft.at = Math.max(draft.at, at)
    draft.ended = []
    return withEnded(apply(draft, event), draft)
  })
  return { record: closeDraft(draft), outcomes }
}

const withEnded = (outcome: Outcome, { ended }: Draft): Outcome =>
  outcome.kind === 'applied' && ended.length > 0 ? { ...outcome, ended } : outcome

function apply(draft: Draft, event: ShardEvent): Outcome {
  switch (event.type) {
    case 'batchStarted':
      return onBatchStarted(draft)
    case 'edgesResolved':
      return onEdgesResolved(draft, event)
    case 'leaseRequested':
      return onLeaseRequested(draft, event)
    case 'attemptStarted':
      return onAttemptStarted(draft, event)
    case 'attemptEnded':
      return onAttemptEnded(draft, event)
    case 'workerLost':
      return onWorkerLost(draft, event)
    case 'holdingsReported':
      return onHoldingsReported(draft, event)
    case 'cancelRequested':
      return onCancelRequested(draft, event)
    case 'portsAttached':
      return onPortsAttached(draft, event)
    case 'poolFailed':
      return onPoolFailed(draft, event)
    case 'edgesAsked':
      return onEdgesAsked(draft, event)
    case 'swept':
      return onSwept(draft, event)
    case 'pauseSet':
      return onPauseSet(draft, event)
    default:
      return event satisfies never
  }
}
