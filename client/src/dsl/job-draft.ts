import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { Attributes } from './attributes.ts'
import type { Settings } from './settings.ts'

/** The batch that something was made by: only its identity matters, and its name in messages. */
export interface BatchIdentity {
  readonly name: string | undefined
}

/** Whether a job can still be changed, and what became of it. */
export type Submission =
  | { readonly state: 'open' | 'underway' }
  | {
      readonly state: 'submitted'
      readonly batchId: string
      /** The job's number in the submitted batch. */
      readonly number: number
      /** Files stay after the run, so that later runs can read them. */
      readonly keepsFiles: boolean
    }

/** A job as it is being described. */
export interface JobDraft {
  readonly batch: BatchIdentity
  /** Place in the order of creation in this program, 1…n. */
  readonly number: number
  readonly name: string | undefined
  readonly attributes: Attributes
  readonly settings: Settings
  submission: Submission
}

/** How a message names a job. */
export const jobLabel = (job: Pick<JobDraft, 'name' | 'number'>): string =>
  job.name === undefined ? `number ${job.number} (unnamed)` : `'${job.name}'`

export const batchLabel = (batch: BatchIdentity): string =>
  batch.name === undefined ? 'of no name' : `'${batch.name}'`

/** @param message what is wrong and what to do, to follow the words `Job 'name'` */
export const invalidJob = (job: Pick<JobDraft, 'name' | 'number'>, message: string): InvalidBatchError =>
  new InvalidBatchError({ message: `Job ${jobLabel(job)} ${message}`, job: job.name })

/** @throws InvalidBatchError if the job has been submitted */
export function assertOpen(job: JobDraft, change: string): void {
  if (job.submission.state === 'open') return
  throw invalidJob(job, `has been submitted: ${change} comes too late. Make a new job instead.`)
}
