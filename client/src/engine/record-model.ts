import type { Outcome, Stamped } from '../kernel/index.ts'
import type { Write } from './ports.ts'
import type { Stored } from './records.ts'

/** The record cannot be used: its document, or its chunk, does not read. */
export class BrokenRecordError extends Error {
  override readonly name = 'BrokenRecordError'
}

/**
 * What a host must know of one kind of record: how it is read, reduced and written, what follows from it, and how that
 * is told to the world. A shard's and a batch's are the two.
 */
export interface RecordModel<R, E, F extends { readonly key: string }> {
  readonly path: string
  /** @throws BrokenRecordError */
  load(): Promise<Stored<R> | undefined>
  /** Loads what these events bring with them, before they are reduced. */
  anticipate(record: R, events: readonly E[]): Promise<void>
  /** Pure. May throw for a poisonous event. */
  reduce(record: R, events: readonly Stamped<E>[]): { readonly record: R; readonly outcomes: readonly Outcome[] }
  effects(record: R): readonly F[]
  /** The record with what is known to be sent; same version. */
  remember(record: R, sent: readonly F[]): R
  write(record: R, expect: Stored<R>['revision']): Write
  /** Resolves when all of them are told and cannot be lost. */
  send(effects: readonly F[], record: R): Promise<void>
  /** A commit is known to have succeeded, of which these came out. */
  committed(before: R, after: R, outcomes: readonly Outcome[]): void
  /** What of the memory of what was sent must go before this event's effects are derived: keys that begin so. */
  forgottenBy(event: E): string | undefined
  /** An event that makes `reduce` throw alone is set aside for good. */
  bury(event: E, error: unknown): Promise<void>
  /** The record or its chunk is unusable: tell its batch. */
  reportBroken(error: BrokenRecordError): Promise<void>
}
