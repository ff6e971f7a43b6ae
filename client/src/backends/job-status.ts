import type { Attributes } from '../dsl/attributes.ts'
import type { AttemptStatus, JobSummary } from '../engine/statuses.ts'
import type { JobState } from '../model/index.ts'

/**
 * A job at one moment. What is not known yet is `undefined`.
 *
 * @example `for await (const job of run.jobs()) console.log(job.name, job.state, job.reason)`
 */
export interface JobStatus extends Omit<JobSummary, 'attributes'> {
  readonly attributes: Attributes
}

/**
 * Which jobs: by state (one, several, or a word for several), by name, or both.
 *
 * @example `run.jobs({ state: 'bad', name: /^align-/ })`
 */
export interface JobQuery {
  /** `'live'`: not ended; `'done'`: ended; `'bad'`: ended without success. */
  state?: JobState | readonly JobState[] | 'live' | 'done' | 'bad' | undefined
  /** A text is the whole name. */
  name?: string | RegExp | undefined
}

/**
 * One try to run a job.
 *
 * @example `for (const { attempt, reason } of await run.job(3).attempts()) console.log(attempt, reason)`
 */
export type Attempt = AttemptStatus
