import type { AttemptEnd, Lease, Resources } from '../model/index.ts'

export interface Granted {
  readonly job: number
  readonly attempt: number
  readonly memoryBytes: number
  /** What it takes of the worker, cut to what the worker has in all; the whole worker if the job must run alone. */
  readonly takes: Resources
}

/** An attempt that an event has ended: for people, who are told of each of them; the record remembers the job's end alone. */
export interface EndedAttempt {
  readonly job: number
  readonly lease: Lease
  readonly end: AttemptEnd
  /** When it was heard of, in ms since 1970. */
  readonly at: number
}

/** Why an event changed nothing. Duplicates and late messages are normal life, not errors. */
export type IgnoredReason =
  | 'alreadyStarted'
  | 'alreadyResolved'
  | 'alreadyTerminal'
  | 'alreadyRunning'
  | 'alreadyCancelled'
  | 'alreadyAttached'
  | 'staleAttempt'
  | 'otherWorker'
  | 'unknownJob'
  | 'nothingFits'
  | 'nothingHeld'
  | 'nothingReady'
  | 'nothingAsked'

export type Reply =
  | { readonly kind: 'granted'; readonly grants: readonly Granted[] }
  /** Attempts the worker holds and must stop: cancelled, or no longer current. */
  | { readonly kind: 'held'; readonly stops: readonly { readonly job: number; readonly attempt: number }[] }

export type Outcome =
  | { readonly kind: 'applied'; readonly reply?: Reply; readonly ended?: readonly EndedAttempt[] }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason; readonly reply?: Reply }
