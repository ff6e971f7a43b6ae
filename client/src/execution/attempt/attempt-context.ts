import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import type { Clock } from '../clock.ts'
import { AttemptJournal } from '../log/attempt-journal.ts'
import { usualPace } from '../log/printed-log.ts'
import { WorkerLogs } from '../log/worker-logs.ts'
import { mayWrite } from './abort-reason.ts'
import type { AttemptOptions } from './attempt-options.ts'
import { retryTransient } from './retry-transient.ts'
import { untilAborted } from './until-aborted.ts'

/** What every step of an attempt needs. */
export interface AttemptContext {
  readonly assignment: Assignment
  readonly options: AttemptOptions
  readonly objects: ObjectStore
  /** What the attempt tells. */
  readonly journal: AttemptJournal
  /** Does a storage operation: repeated when it fails in passing, left alone when the attempt is aborted. Noted. */
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
  const io = ioUntil((aborted) => aborted.aborted)
  const lastIo = ioUntil(isLost)
  const journal = openJournal(assignment, options, lastIo)
  return { assignment, options, objects, journal, io: noted(io, journal, clock), lastIo: noted(lastIo, journal, clock) }
}

const isLost = (signal: AbortSignal) => !mayWrite(signal)

function openJournal(assignment: Assignment, options: AttemptOptions, lastIo: AttemptContext['lastIo']) {
  const { objects, signal, clock, retryMs, flushMs, slowestFlushMs, firstUsageMs = 15_000 } = options
  return new AttemptJournal({
    assignment,
    clock,
    pace: {
      flushMs: flushMs ?? usualPace.flushMs,
      slowestFlushMs: slowestFlushMs ?? usualPace.slowestFlushMs,
    },
    firstUsageMs,
    logs: options.logs ?? new WorkerLogs({ objects, clock, retryMs }),
    write: (uri, bytes) => lastIo(`Storing ${uri}`, () => objects.write(uri, bytes)),
    stat: (uri) => objects.stat(uri),
    untilLost: (stored) => untilAborted(signal, isLost, stored),
  })
}

/** Tells the journal what was done, and how long it took. */
const noted =
  (io: AttemptContext['io'], journal: AttemptJournal, clock: Clock): AttemptContext['io'] =>
  async (what, operation) => {
    const begunAt = clock.now()
    const result = await io(what, operation)
    const bytes: unknown = Object(result).sizeBytes
    journal.note(what, typeof bytes === 'number' ? bytes : undefined, clock.now() - begunAt)
    return result
  }
