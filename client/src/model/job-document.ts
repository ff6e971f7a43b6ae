import { z } from 'zod'
import { causeSchema, endReasonSchema } from './causes.ts'
import { jobStateSchema } from './job-state.ts'
import { storedTime } from './stored.ts'
import { peakUsageSchema } from './usage.ts'

/** One attempt as the job document tells it. */
export const attemptSummarySchema = z.object({
  attempt: z.number().int(),
  worker: z.string(),
  startedAt: storedTime.optional(),
  endedAt: storedTime.optional(),
  cause: z.union([causeSchema, endReasonSchema.shape.cause]).optional(),
  exitCode: z.number().int().optional(),
  message: z.string().optional(),
  /** US dollars. */
  cost: z.number().optional(),
  peak: peakUsageSchema.optional(),
})
export type AttemptSummary = z.infer<typeof attemptSummarySchema>

/**
 * `batches/{id}/jobs/{number}`: a job for people and the console. A projection: written after the commit it tells of,
 * never read by the kernel, and dropped first when there is too much to do.
 */
export const jobDocumentSchema = z.object({
  /** The shard record's version that this tells of: an older one does not overwrite a newer. */
  version: z.number().int(),
  job: z.number().int(),
  name: z.string().optional(),
  state: jobStateSchema,
  /** A sentence: why it waits, or how it ended. */
  reason: z.string().optional(),
  attempt: z.number().int(),
  worker: z.string().optional(),
  exitCode: z.number().int().optional(),
  readyAt: storedTime.optional(),
  startedAt: storedTime.optional(),
  endedAt: storedTime.optional(),
  /** US dollars. */
  cost: z.number(),
  /** Where its newest attempt stores what it prints while it runs; the end of its log lies in `logs/packs`. */
  log: z.string().optional(),
  /** Every attempt so far that has ended, by number. */
  attempts: z.record(z.string(), attemptSummarySchema),
})
export type JobDocument = z.infer<typeof jobDocumentSchema>
