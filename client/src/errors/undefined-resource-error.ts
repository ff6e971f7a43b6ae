import { BatchError } from './batch-error.ts'

/**
 * A file of a job is read or written, but the job neither declares it nor mentions it in a command, so nothing would
 * make it. Thrown by `run`, before anything runs or is sent.
 *
 * @example
 * ```ts
 * import { Batch, UndefinedResourceError } from 'graupel'
 *
 * const batch = new Batch()
 * const count = batch.newJob({ name: 'count' }).command`wc -l /etc/hosts`
 * batch.writeOutput(count.output('lines'), 'lines.txt')
 * await batch.run().catch((error) => console.error(error instanceof UndefinedResourceError)) // true
 * ```
 */
export class UndefinedResourceError extends BatchError {
  override readonly name = 'UndefinedResourceError'
  override readonly code = 'E_UNDEFINED_RESOURCE' as const
}
