import { ObjectNameError, ObjectNotFoundError, PreconditionFailedError } from '../../storage/index.ts'
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

/** Of those, what another machine or a later time may well change. */
const lastingHere: ReadonlySet<unknown> = new Set(['ENOSPC', 'EROFS', 401, 412])

export function isLasting(error: unknown): boolean {
  if (error instanceof AttemptFault || error instanceof PreconditionFailedError) return true
  return isUnusable(error) || lastingCodes.has(Object(error).code)
}

/** Whether a whole new attempt would fail with this too. */
const isLastingForJob = (error: unknown): boolean => {
  const { code } = Object(error)
  return isUnusable(error) || (lastingCodes.has(code) && !lastingHere.has(code))
}

const isUnusable = (error: unknown) => error instanceof ObjectNotFoundError || error instanceof ObjectNameError

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
  const options = { cause: error, isLasting: isLastingForJob(error) }
  return new AttemptFault('staging', `${what} failed: ${messageOf(error)}`, options)
}
