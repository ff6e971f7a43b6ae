import { ObjectNotFoundError, PreconditionFailedError } from '../../storage/index.ts'
import type { Clock } from '../clock.ts'
import { AttemptFault, messageOf } from './attempt-fault.ts'

const tries = 5

/** Failures that a repetition does not change: what is not there, not allowed, or not to be named so. */
const lastingCodes: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
  400,
  401,
  403,
  404,
  412,
])

export function isLasting(error: unknown): boolean {
  if (error instanceof AttemptFault || error instanceof ObjectNotFoundError) return true
  return error instanceof PreconditionFailedError || lastingCodes.has(Object(error).code)
}

export interface RetryOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly retryMs: number
}

/**
 * Repeats a storage operation that fails in passing, with doubled pauses. It keeps time by the clock it is given, so that
 * a simulation can drive it.
 * @throws the operation's own error if it is a lasting one, else AttemptFault with cause `staging`
 */
export async function retryTransient<T>(
  what: string,
  operation: () => Promise<T>,
  { clock, signal, retryMs }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      if (isLasting(error)) throw error
      if (attempt === tries) {
        throw new AttemptFault('staging', `${what} failed ${tries} times: ${messageOf(error)}`, { cause: error })
      }
      await clock.sleep(retryMs * 2 ** (attempt - 1), signal)
    }
  }
}

/** Says which file a lasting storage error is about. */
export function stagingFault(what: string, error: unknown): AttemptFault {
  if (error instanceof AttemptFault) return error
  return new AttemptFault('staging', `${what} failed: ${messageOf(error)}`, { cause: error })
}
