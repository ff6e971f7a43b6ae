import { poolOf, type ShardEvent } from '../model/index.ts'
import type { Draft } from './draft.ts'
import type { Outcome } from './outcome.ts'
import { endJob } from './settle.ts'
import { templateOf } from './shard-plan.ts'

type Swept = Extract<ShardEvent, { type: 'swept' }>
type PoolFailed = Extract<ShardEvent, { type: 'poolFailed' }>

/** The sweep found the shard standing still: forget all that was sent, and ask others for the edges that are missing. */
export function onSwept(draft: Draft, event: Swept): Outcome {
  if (!event.resend) return { kind: 'ignored', reason: 'nothingAsked' }
  draft.sentPorts = ''
  draft.sentFinished = false
  draft.sweeps += 1
  draft.hasChanged = true
  return { kind: 'applied' }
}

/** No machine of the pool can ever be had: its Ready jobs end as Error, with the cloud's own words. */
export function onPoolFailed(draft: Draft, event: PoolFailed): Outcome {
  let hasEnded = false
  for (const index of draft.states.keys()) {
    if (draft.states[index] !== 'Ready') continue
    if (poolOf(templateOf(draft.plan, index), draft.losses.get(index)) !== event.pool) continue
    endJob(draft, index, 'Error', { cause: 'pool', message: event.reason })
    hasEnded = true
  }
  return hasEnded ? { kind: 'applied' } : { kind: 'ignored', reason: 'nothingReady' }
}
