import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import { mayWrite } from './abort-reason.ts'
import type { AttemptOptions } from './attempt-options.ts'
import { retryTransient } from './retry-transient.ts'
import { untilAborted } from './until-aborted.ts'

/** What every step of an attempt needs. */
export interface AttemptContext {
  readonly assignment: Assignment
  readonly options: AttemptOptions
  readonly objects: ObjectStore
  /** Does a storage operation: repeated when it fails in passing, left alone when the attempt is aborted. */
  readonly io: <T>(what: string, operation: () => Promise<T>) => Promise<T>
  /** The same for what must still be done after a stop or a notice; only a lost lease ends it. */
  readonly lastIo: <T>(what: string, operation: () => Promise<T>) => Promise<T>
}

export function openContext(assignment: Assignment, options: AttemptOptions): AttemptContext {
  const { objects, signal, clock, retryMs = 1000 } = options
  const ioUntil =
    (isOver: (signal: AbortSignal) => boolean): AttemptContext['io'] =>
    (what, operation) =>
      untilAborted(signal, isOver, () => retryTransient(what, operation, { clock, signal, retryMs }))
  return {
    assignment,
    options,
    objects,
    io: ioUntil((aborted) => aborted.aborted),
    lastIo: ioUntil((aborted) => !mayWrite(aborted)),
  }
}
