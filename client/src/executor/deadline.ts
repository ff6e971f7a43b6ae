import type { Duration } from '../dsl/amounts.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { parseDurationMs } from '../model/index.ts'

/** Node's longest timer; longer ones fire at once. */
const maxTimerMs = 2 ** 31 - 1

export interface Deadline {
  /** Rejects with a `TimeoutError` when the time is over. */
  readonly passed: Promise<never>
  clear(): void
}

/**
 * Begins to count. The time alone does not keep the program alive.
 *
 * @param what what must end in time, as it begins a sentence
 * @throws InvalidBatchError if the timeout is no duration
 */
export function startDeadline(timeout: Duration | undefined, what: string, onPassed = () => {}): Deadline {
  const { promise: passed, reject } = Promise.withResolvers<never>()
  passed.catch(() => undefined)
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : durationMs(timeout, what)
  if (ms > maxTimerMs) return { passed, clear: () => undefined }
  const timer = setTimeout(() => {
    reject(new TimeoutError({ message: `${what} has not ended within ${ms / 1000} s` }))
    onPassed()
  }, ms)
  timer.unref()
  return { passed, clear: () => clearTimeout(timer) }
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
    return await Promise.race([promise, deadline.passed])
  } finally {
    deadline.clear()
  }
}
