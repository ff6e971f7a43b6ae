import type { Attributes } from '../dsl/attributes.ts'
import type { BatchState, JobState } from '../model/index.ts'
import type { JobStatus } from './job-status.ts'

/**
 * A batch at one moment. What is not known yet is `undefined`.
 *
 * @example `const { state, counts }: BatchStatus = await run.status()`
 */
export interface BatchStatus {
  readonly id: string
  readonly name: string | undefined
  readonly state: BatchState
  readonly attributes: Attributes
  /** Jobs per state. */
  readonly counts: { readonly [S in Lowercase<JobState>]: number }
  readonly createdAt: Date
  readonly endedAt: Date | undefined
  readonly durationMs: number | undefined
  /** US dollars; 0 on this machine. */
  readonly cost: number
}

/**
 * What `watch()` tells: a job or the batch as it is now.
 *
 * @example `for await (const event of run.watch()) if (event.type === 'job') console.log(event.job.state)`
 */
export type BatchEvent =
  | { readonly type: 'job'; readonly job: JobStatus }
  | { readonly type: 'batch'; readonly batch: BatchStatus }
