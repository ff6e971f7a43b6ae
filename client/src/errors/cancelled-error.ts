import { BatchError } from './batch-error.ts'

/**
 * The batch or job that was waited for has been cancelled.
 *
 * @example
 * ```ts
 * import { Batch, CancelledError } from 'graupel'
 *
 * const stop = new AbortController()
 * const batch = new Batch({ name: 'nap' })
 * batch.newJob().command`sleep 60`
 * setTimeout(() => stop.abort(), 1000)
 * await batch.run({ signal: stop.signal }).catch((error) => console.error(error instanceof CancelledError)) // true
 * ```
 */
export class CancelledError extends BatchError {
  override readonly name = 'CancelledError'
  override readonly code = 'E_CANCELLED' as const
}
