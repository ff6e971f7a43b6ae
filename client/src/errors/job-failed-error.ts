import type { JobStatus } from '../backends/job-status.ts'
import { BatchError } from './batch-error.ts'
import { lastLines } from './last-lines.ts'

/**
 * The job that was waited for did not succeed.
 *
 * @example
 * ```ts
 * import { Batch, JobFailedError } from 'graupel'
 *
 * const batch = new Batch()
 * const job = batch.newJob({ name: 'broken' }).command`exit 3`
 * const run = await batch.run({ wait: false })
 * await run.job(job).wait().catch((error) => {
 *   if (error instanceof JobFailedError) console.error(error.status.exitCode, error.log) // 3
 * })
 * ```
 */
export class JobFailedError extends BatchError {
  override readonly name = 'JobFailedError'
  override readonly code = 'E_JOB_FAILED' as const
  /** The job's last status. */
  readonly status: JobStatus
  /** What its last attempt printed. */
  readonly log: string

  constructor(options: { readonly status: JobStatus; readonly log: string; readonly cause?: unknown }) {
    const { status, log } = options
    const name = status.name === undefined ? `Job ${status.id}` : `Job '${status.name}' (${status.id})`
    const reason = status.reason === undefined ? '' : `: ${status.reason}`
    super({
      message: `${name} ended as ${status.state}${reason}${lastLines(log)}`,
      job: status.name,
      cause: options.cause,
    })
    this.status = status
    this.log = log
  }
}
