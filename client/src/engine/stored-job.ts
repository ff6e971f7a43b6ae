import type { z } from 'zod'
import { type JobState, jobDocumentSchema, type PlannedJob, type ShardRecord, stateOf } from '../model/index.ts'
import type { Waiting } from './pool-record.ts'

/** A job document that may have been written by halves. */
export const storedJobSchema = jobDocumentSchema.partial()
export type StoredJobDocument = z.infer<typeof storedJobSchema>

/** How many jobs a job depends on, and how many of them have not ended. */
export interface Parents {
  readonly open: number
  readonly all: number
}

/** All that is stored about one job. The document is a projection that may be late, or missing. */
export interface StoredJob {
  readonly shard: ShardRecord
  /** The job's index in its shard. */
  readonly index: number
  readonly planned: PlannedJob | undefined
  readonly document: StoredJobDocument | undefined
  /** Why its pool has no machine for it; only of a job that waits for one. */
  readonly waiting?: Waiting | undefined
  /** Of a job that waits for others, where they have been counted. */
  readonly parents?: Parents | undefined
  readonly image?: string | undefined
  /** When it was submitted, in ms since 1970; unknown of jobs that came later than their batch. */
  readonly submittedAt?: number | undefined
}

export const stateAt = (shard: ShardRecord, index: number): JobState => stateOf(shard.states[index] ?? 'p')
