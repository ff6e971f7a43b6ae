import type { BatchStatus } from '../backends/batch-status.ts'
import type { JobStatus } from '../backends/job-status.ts'
import type { RunningBatch } from '../backends/running-batch.ts'
import { BatchError } from './batch-error.ts'
import { lastLines } from './last-lines.ts'

/** The status of a job that did not succeed, and what its last attempt printed. */
export type FailedJob = JobStatus & { readonly log: string }

export interface BatchFailedErrorOptions {
  readonly status: BatchStatus
  /** The first of the jobs that did not succeed; all of them are counted in `status`. */
  readonly failedJobs: readonly FailedJob[]
  readonly batch: RunningBatch
  readonly cause?: unknown
}

const shownJobs = 5

function describeFailure({ status, failedJobs }: BatchFailedErrorOptions): string {
  const name = status.name === undefined ? `Batch ${status.id}` : `Batch '${status.name}' (${status.id})`
  const bad = status.counts.failed + status.counts.error
  const jobs = failedJobs.slice(0, shownJobs).map((job) => {
    const reason = job.reason === undefined ? '' : `: ${job.reason}`
    return `\n  ${job.id} ${job.name ?? '(unnamed)'}, ${job.state}${reason}${lastLines(job.log)}`
  })
  const rest = bad > jobs.length && jobs.length > 0 ? `\n  … and ${bad - jobs.length} more` : ''
  const cancelled = status.counts.cancelled === 0 ? '' : `, ${status.counts.cancelled} cancelled`
  return `${name} ended as ${status.state}: ${bad} failed${cancelled}, ${status.counts.success} succeeded.${jobs.join('')}${rest}`
}

/**
 * The batch that was waited for did not succeed. The message shows the first failed jobs and their last log lines.
 * `run({ throwOnFailure: false })` returns instead.
 *
 * @example
 * ```ts
 * import { Batch, BatchFailedError } from 'graupel'
 *
 * const batch = new Batch({ name: 'broken' })
 * batch.newJob({ name: 'fails' }).command`echo no luck; exit 3`
 * await batch.run().catch((error) => {
 *   if (error instanceof BatchFailedError) console.error(error.failedJobs[0]?.log) // 'no luck\n'
 * })
 * ```
 */
export class BatchFailedError extends BatchError {
  override readonly name = 'BatchFailedError'
  override readonly code = 'E_BATCH_FAILED' as const
  /** The batch's last status. */
  readonly status: BatchStatus
  /** The first jobs that did not succeed, by id, each with its log. */
  readonly failedJobs: readonly FailedJob[]
  /** The batch: more logs and attempts can be asked of it. */
  declare readonly batch: RunningBatch

  constructor(options: BatchFailedErrorOptions) {
    super({ message: describeFailure(options), job: options.failedJobs[0]?.name, cause: options.cause })
    this.status = options.status
    this.failedJobs = options.failedJobs
    // Not enumerable: the batch's inner life would bury the message wherever the error is printed.
    Object.defineProperty(this, 'batch', { value: options.batch })
  }
}
