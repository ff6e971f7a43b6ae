import type { Attributes } from '../../dsl/attributes.ts'
import type { BatchSummary, JobSummary } from '../../engine/statuses.ts'
import type { BatchStatus } from '../batch-status.ts'
import type { JobStatus } from '../job-status.ts'

export const toBatchStatus = (status: BatchSummary): BatchStatus => ({
  ...status,
  attributes: withoutName(status.attributes),
})

export const toJobStatus = (status: JobSummary): JobStatus => ({
  ...status,
  attributes: withoutName(status.attributes),
})

/** A name has its own field; the DSL lets none pass as an attribute, but another client may have. */
function withoutName(attributes: Readonly<Record<string, string>>): Attributes {
  const { name: _, ...rest } = attributes
  return rest as Attributes
}
