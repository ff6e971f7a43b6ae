import { BatchError } from './batch-error.ts'

/**
 * The program describes something that cannot be run: a bad quantity, another batch's resource or job, an empty
 * command, a repeated output, a missing input file. Nothing has run and nothing was sent, unless the message says so: a
 * local destination may turn out not to be writable when its job has run.
 *
 * @example
 * ```ts
 * import { Batch, InvalidBatchError } from 'graupel'
 *
 * try {
 *   new Batch().newJob({ name: 'align', memory: '7 Gb' })
 * } catch (error) {
 *   if (error instanceof InvalidBatchError) console.error(error.message, error.job) // … 'align'
 * }
 * ```
 */
export class InvalidBatchError extends BatchError {
  override readonly name = 'InvalidBatchError'
  override readonly code = 'E_INVALID_BATCH' as const
}
