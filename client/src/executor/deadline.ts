import type { Duration } from '../dsl/amounts.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { parseDurationMs } from '../model/index.ts'

/** Node's longest timer; longer ones fire at once. */
const maxTimerMs = 2 ** 31 - 1

export interface Deadline {
  /** The same as `promise`, but a `TimeoutError` when the time is over before. Of what has settled it keeps nothing. */
  within<T>(promise: Promise<T>): Promise<T>
  clear(): void
}

/**
 * Begins to count. The time alone does not keep the program alive.
 *
 * @param what what must end in time, as it begins a sentence
 * @throws InvalidBatchError if the timeout is no duration
 */
export function startDeadline(timeout: Duration | undefined, what: string, onPassed = () => {}): Deadline {
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : durationMs(timeout, what)
  if (ms > maxTimerMs) return { within: (promise) => promise, clear: () => undefined }
  const passed = new AbortController()
  const timer = setTimeout(() => {
    passed.abort(new TimeoutError({ message: `${what} has not ended within ${ms / 1000} s` }))
    onPassed()
  }, ms)
  timer.unref()
  return { within: (promise) => unlessAborted(promise, passed.signal), clear: () => clearTimeout(timer) }
}

/** A race with one lasting promise would keep all values of the others as long as that. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function durationMs(timeout: Duration, what: string): number {
  const ms = parseDurationMs(timeout)
  if (ms !== undefined) return ms
  const message = `${what} has the timeout ${JSON.stringify(timeout)}; write seconds, at most 86400, or a text like '90s', '2h'.`
  throw new InvalidBatchError({ message })
}

/** @throws TimeoutError if it takes longer; InvalidBatchError if the timeout is no duration */
export async function withinTime<T>(promise: Promise<T>, timeout: Duration | undefined, what: string): Promise<T> {
  if (timeout === undefined) return promise
  const deadline = startDeadline(timeout, what)
  try {
    return await deadline.within(promise)
  } finally {
    deadline.clear()
  }
}
