import { BatchFailedError } from '../../errors/batch-failed-error.ts'
import { CancelledError } from '../../errors/cancelled-error.ts'
import type { BatchRecord } from '../../model/index.ts'
import type { BatchStatus } from '../batch-status.ts'
import type { Home } from '../home.ts'
import type { RunningBatch } from '../running-batch.ts'
import { addLogs, findFailures } from './failed-jobs.ts'

export interface EndedRun {
  readonly record: BatchRecord
  readonly status: BatchStatus
  /** The user's handle, for the error. */
  readonly batch: RunningBatch
  /** The run's submission; `undefined`: all of them. */
  readonly token: string | undefined
}

/**
 * Returns if all jobs of the run succeeded.
 * @throws BatchFailedError with what the first failed jobs printed
 * @throws CancelledError if jobs were cancelled and none failed
 */
export async function throwFailure(home: Home, { record, status, batch, token }: EndedRun): Promise<void> {
  if (status.state === 'success') return
  const { jobs, hasFailed } = await findFailures(home, record, token)
  const isEmptyCancel = record.isCancelled && record.jobs === 0
  if (jobs.length === 0 && record.broken === undefined && !isEmptyCancel) return
  if (!hasFailed && status.state === 'cancelled') throw cancelled(record, status)
  throw new BatchFailedError({ status, failedJobs: await addLogs(home, record.root, jobs), batch })
}

function cancelled(record: BatchRecord, { counts }: BatchStatus): CancelledError {
  const name = record.name === undefined ? `Batch ${record.id}` : `Batch '${record.name}' (${record.id})`
  const reason = record.reason === undefined || record.reason === 'cancelled' ? '' : `, ${record.reason}`
  return new CancelledError({
    message: `${name} was cancelled${reason}: ${counts.cancelled} jobs cancelled, ${counts.success} succeeded`,
  })
}
