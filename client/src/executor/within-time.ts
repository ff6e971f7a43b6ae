import type { Duration } from '../dsl/amounts.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { parseDurationMs } from '../model/index.ts'

/** Node's longest timer; longer ones fire at once. */
const maxTimerMs = 2 ** 31 - 1

/** @throws InvalidBatchError if it is no duration */
export function durationMs(timeout: Duration, what: string): number {
  const ms = parseDurationMs(timeout)
  if (ms !== undefined) return ms
  const message = `${what} has the timeout ${JSON.stringify(timeout)}; write seconds, at most 86400, or a text like '90s', '2h'.`
  throw new InvalidBatchError({ message })
}

/** @throws TimeoutError if it takes longer; InvalidBatchError if the timeout is no duration */
export function withinTime<T>(promise: Promise<T>, timeout: Duration | undefined, what: string): Promise<T> {
  return timeout === undefined ? promise : withinMs(promise, durationMs(timeout, what), what)
}

/** @throws TimeoutError if it takes longer */
export async function withinMs<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  if (ms > maxTimerMs) return promise
  const { promise: late, reject } = Promise.withResolvers<never>()
  const message = `${what} has not ended within ${ms / 1000} s`
  const timer = setTimeout(() => reject(new TimeoutError({ message })), Math.max(0, ms))
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
