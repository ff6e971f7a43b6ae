import type { Attributes } from '../dsl/attributes.ts'
import type { BatchSummary } from '../engine/statuses.ts'
import type { JobStatus } from './job-status.ts'

/**
 * A batch at one moment. What is not known yet is `undefined`.
 *
 * @example `const { state, counts }: BatchStatus = await run.status()`
 */
export interface BatchStatus extends Omit<BatchSummary, 'attributes'> {
  readonly attributes: Attributes
}

/**
 * What `watch()` tells: a job or the batch as it is now.
 *
 * @example `for await (const event of run.watch()) if (event.type === 'job') console.log(event.job.state)`
 */
export type BatchEvent =
  | { readonly type: 'job'; readonly job: JobStatus }
  | { readonly type: 'batch'; readonly batch: BatchStatus }
