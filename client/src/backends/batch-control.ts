import type { JobState } from '../model/index.ts'
import type { BatchEvent, BatchStatus } from './batch-status.ts'
import type { Attempt, JobQuery, JobStatus } from './job-status.ts'
import type { ResourceUsage } from './resource-usage.ts'
import type { WaitOptions } from './run-options.ts'

/** A job that has ended. */
export interface JobEnd {
  readonly job: number
  readonly state: Extract<JobState, 'Success' | 'Failed' | 'Error' | 'Cancelled'>
}

/** What a backend can do with one job of a submitted batch. */
export interface JobControl {
  status(): Promise<JobStatus>
  /** The whole log of an attempt; of the newest one without a number. */
  log(attempt: number | undefined): Promise<string>
  /** The lines of an attempt's log, as they come, until the attempt ends. */
  followLog(attempt: number | undefined): AsyncIterableIterator<string>
  /** The bytes of an attempt's log so far, of any length. */
  logBytes(attempt: number | undefined): Promise<AsyncIterable<Uint8Array>>
  attempts(): Promise<Attempt[]>
  /** What an attempt has used so far; the newest one without a number. */
  resourceUsage(attempt: number | undefined): Promise<ResourceUsage[]>
  wait(options: WaitOptions): Promise<JobStatus>
  cancel(): Promise<void>
}

/** What a backend can do with one submitted batch: the port behind `RunningBatch`. */
export interface BatchControl<Batch> {
  readonly id: string
  status(): Promise<BatchStatus>
  jobs(query: string | JobQuery): AsyncIterableIterator<JobStatus>
  job(number: number): JobControl
  /** @param batch the handle that the user holds, for the error that tells of a failure */
  wait(options: WaitOptions, batch: Batch): Promise<BatchStatus>
  cancel(): Promise<void>
  delete(): Promise<void>
  watch(): AsyncIterableIterator<BatchEvent>
  /** Cancels some jobs; resolves when they have been told, not when they have ended. */
  cancelJobs(jobs: readonly number[]): Promise<void>
  /** Tells of each job once that has ended, now or later, over any number of runs of the batch, until unsubscribed. */
  watchEnds(onEnd: (end: JobEnd) => void, onError: (error: Error) => void): () => void
  /** The text of a kept value of a job that has succeeded. */
  readValue(job: number, name: string): Promise<string>
}
