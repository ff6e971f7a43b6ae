import { BatchError } from './batch-error.ts'

/**
 * The backend knows no batch of this id: it was never submitted there, or it has been deleted.
 *
 * @example
 * ```ts
 * import { Batch, BatchNotFoundError } from 'graupel'
 *
 * await Batch.fromBatchId('nosuchbatch').catch((error) => {
 *   if (error instanceof BatchNotFoundError) console.error(error.id) // 'nosuchbatch'
 * })
 * ```
 */
export class BatchNotFoundError extends BatchError {
  override readonly name = 'BatchNotFoundError'
  override readonly code = 'E_BATCH_NOT_FOUND' as const
  /** The id that was asked for. */
  readonly id: string

  constructor(options: { readonly id: string; readonly cause?: unknown }) {
    super({
      message: `There is no batch '${options.id}'. Check the id, the project and the backend; deleted batches are gone.`,
      cause: options.cause,
    })
    this.id = options.id
  }
}
