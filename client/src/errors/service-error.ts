import { BatchError, type BatchErrorOptions } from './batch-error.ts'

/**
 * The service could not do what was asked: not deployed, not reachable, not allowed, or out of quota.
 *
 * @example
 * ```ts
 * import { Batch, ServiceError } from 'graupel'
 *
 * await new Batch().run().catch((error) => {
 *   if (error instanceof ServiceError && error.status === 403) console.error('ask for access:', error.message)
 * })
 * ```
 */
export class ServiceError extends BatchError {
  override readonly name = 'ServiceError'
  override readonly code = 'E_SERVICE' as const
  /** HTTP status of the answer; `undefined` if there was none. */
  readonly status: number | undefined

  constructor(options: BatchErrorOptions & { readonly status?: number | undefined }) {
    super(options)
    this.status = options.status
  }
}
