import { BatchError } from './batch-error.ts'

/**
 * What was waited for did not end within the `timeout` of the wait. It goes on.
 *
 * @example
 * ```ts
 * import { Batch, TimeoutError } from 'graupel'
 *
 * const batch = new Batch({ name: 'nap' })
 * batch.newJob().command`sleep 60`
 * const run = await batch.run({ wait: false })
 * await run.wait({ timeout: '1s' }).catch((error) => console.error(error instanceof TimeoutError)) // true
 * ```
 */
export class TimeoutError extends BatchError {
  override readonly name = 'TimeoutError'
  override readonly code = 'E_TIMEOUT' as const
}
