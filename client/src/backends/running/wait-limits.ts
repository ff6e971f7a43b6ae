import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { TimeoutError } from '../../errors/timeout-error.ts'
import { parseDurationMs } from '../../model/index.ts'
import type { WaitOptions } from '../run-options.ts'
import type { WaitLimits } from './wait-for-document.ts'

/**
 * @param what what is waited for, as it begins a sentence
 * @throws InvalidBatchError if the timeout is no duration
 */
export function waitLimits({ timeout, signal }: WaitOptions, what: string): WaitLimits {
  if (timeout === undefined) return { signal }
  const timeoutMs = parseDurationMs(timeout)
  if (timeoutMs === undefined)
    throw new InvalidBatchError({
      message: `${what} cannot be waited for with timeout ${JSON.stringify(timeout)}: write seconds, at most 86400, or a text like '90s', '2h'`,
    })
  const onTimeout = () =>
    new TimeoutError({ message: `${what} has not ended within ${timeoutMs / 1000} s; it goes on` })
  return { timeoutMs, onTimeout, signal }
}
