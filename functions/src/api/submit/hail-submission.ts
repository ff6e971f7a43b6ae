import { z } from 'zod'
import { hailJobSchema } from './hail-job.ts'

/** As many specs as Hail takes in one request. */
const maxBunchSize = 1024
/** The function that commits holds all of them in its memory. */
const maxJobs = 100_000

export const bunchSchema = z.array(hailJobSchema).max(maxBunchSize, {
  error: `a bunch has at most ${maxBunchSize} jobs: send more of them`,
})

const jobCount = z
  .number()
  .int()
  .min(0)
  .max(maxJobs, {
    error: `n_jobs is at most ${maxJobs}: add the others by updates, or submit with graupel's own client`,
  })
const token = z.string().min(1).max(512)
const noJobGroups = z.literal(0, { error: 'there are no job groups here: leave them out' }).nullish()

/** What a client says of a new batch. `billing_project` and what is not known here is ignored. */
export const hailBatchSchema = z.object({
  n_jobs: jobCount,
  n_job_groups: noJobGroups,
  token,
  attributes: z.record(z.string(), z.string()).nullish(),
  callback: z.url({ protocol: /^https?$/, error: 'callback is no web address: write https://host/path' }).nullish(),
  cancel_after_n_failures: z.number().int().min(1).nullish(),
})
export type HailBatch = z.infer<typeof hailBatchSchema>

export const hailUpdateSchema = z.object({ n_jobs: jobCount, n_job_groups: noJobGroups, token })
export type HailUpdate = z.infer<typeof hailUpdateSchema>

const noGroupSpecs = z.array(z.unknown()).max(0, { error: 'there are no job groups here: leave them out' }).nullish()

export const createFastSchema = z.object({ batch: hailBatchSchema, bunch: bunchSchema, job_groups: noGroupSpecs })
export const updateFastSchema = z.object({ update: hailUpdateSchema, bunch: bunchSchema, job_groups: noGroupSpecs })
