import type { ShardEvent } from '../model/index.ts'
import type { Draft } from './draft.ts'
import type { Outcome } from './outcome.ts'

type PauseSet = Extract<ShardEvent, { type: 'pauseSet' }>

/** While it pauses nothing is given to workers and nothing is announced; what runs goes on. */
export function onPauseSet(draft: Draft, { reason }: PauseSet): Outcome {
  if (reason === draft.paused) return { kind: 'ignored', reason: 'nothingAsked' }
  if (reason === undefined) draft.resumes = (draft.resumes ?? 0) + 1
  draft.paused = reason
  draft.hasChanged = true
  return { kind: 'applied' }
}
