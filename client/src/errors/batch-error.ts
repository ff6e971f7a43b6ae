/** Every stable `code` of graupel's errors: one per class. */
export type BatchErrorCode =
  | 'E_INVALID_BATCH'
  | 'E_CYCLIC_DEPENDENCY'
  | 'E_UNDEFINED_RESOURCE'
  | 'E_UNSERIALIZABLE_FUNCTION'
  | 'E_BATCH_FAILED'
  | 'E_JOB_FAILED'
  | 'E_BATCH_NOT_FOUND'
  | 'E_CANCELLED'
  | 'E_TIMEOUT'
  | 'E_SERVICE'

export interface BatchErrorOptions {
  /** What was wrong, with the value and the job's name, and what to do. */
  readonly message: string
  /** Name of the job it is about. Default: none. */
  readonly job?: string | undefined
  /** The error behind this one. Default: none. */
  readonly cause?: unknown
}

/**
 * The base of every error that graupel throws on purpose. Switch on `code`, which is a literal on each subclass.
 *
 * @example
 * ```ts
 * import { Batch, BatchError } from 'graupel'
 *
 * try {
 *   await new Batch().run()
 * } catch (error) {
 *   if (error instanceof BatchError && error.code === 'E_BATCH_FAILED') console.error(error.message)
 *   else throw error
 * }
 * ```
 */
export abstract class BatchError extends Error {
  /** Stable, one per class: safe to switch on and to log. */
  abstract readonly code: BatchErrorCode
  /** Name of the job that the error is about; `undefined` if it is about no single job, or an unnamed one. */
  declare readonly job: string | undefined

  constructor(options: BatchErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    if (options.job !== undefined) Object.defineProperty(this, 'job', { value: options.job, enumerable: true })
  }
}
