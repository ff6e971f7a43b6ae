import { z } from 'zod'
import { jobDetailSchema, jobTemplateSchema } from './job-spec.ts'
import { rangesSchema } from './ranges.ts'

/** A shard closes at this many jobs, … */
export const maxShardJobs = 512
/** … at this many in-ports, so that its record stays under 64 KiB, … */
export const maxShardInPorts = 16_384
/** … or at this size of its chunk's JSON, so that twenty fit one Firestore request of 10 MiB. */
export const maxChunkBytes = 450 * 1024
/** A job detail above this size becomes an object of its own. */
export const maxInlineDetailBytes = 10 * 1024

/** One job in its chunk. `template` is an index into the chunk's templates; `parents` are indexes in this shard. */
export const plannedJobSchema = z.object({
  name: z.string().optional(),
  attributes: z.record(z.string(), z.string()).optional(),
  template: z.number().int().min(0),
  detail: z.union([jobDetailSchema, z.object({ object: z.string() })]),
  parents: rangesSchema,
})
export type PlannedJob = z.infer<typeof plannedJobSchema>

/**
 * Ports `first` … `first + count − 1` of this shard, all fed by one other shard. Ports are numbered 0, 1, … through a
 * shard's whole list: `first` is the sum of the counts before, so a number is also a place in the record's `ports`, and
 * the ports of one source shard follow each other. `count` 1: every child waits for the port. `count` > 1: the i-th
 * port has the i-th child alone. A child may wait for several ports of one source.
 */
export const inPortSchema = z.object({
  fromShard: z.number().int().min(0),
  first: z.number().int().min(0),
  count: z.number().int().min(1),
  children: rangesSchema,
})
export type InPort = z.infer<typeof inPortSchema>

/**
 * Ports `first` … `first + count − 1` of another shard, which jobs of this one resolve. `count` 1: the port is resolved
 * when all `parents` have ended. `count` > 1: the i-th port when the i-th parent has. The numbers alone say which
 * in-port is meant: entries on the two sides may begin and end at different ports.
 */
export const outPortSchema = z.object({
  toShard: z.number().int().min(0),
  first: z.number().int().min(0),
  count: z.number().int().min(1),
  parents: rangesSchema,
})
export type OutPort = z.infer<typeof outPortSchema>

/** Everything about one shard that never changes: what its jobs are and how they depend on each other. */
export const planChunkSchema = z.object({
  shard: z.number().int().min(0),
  firstJob: z.number().int().min(1),
  templates: z.array(jobTemplateSchema),
  jobs: z.array(plannedJobSchema).min(1).max(maxShardJobs),
  inPorts: z.array(inPortSchema),
  outPorts: z.array(outPortSchema),
  /** The batch has `cancelAfterNFailures`, so the shard tells the batch how many of its jobs have failed. */
  reportsFailures: z.boolean(),
})
export type PlanChunk = z.infer<typeof planChunkSchema>

/** Out-ports that an update of the batch adds to an old shard: `plan/{shard}/attached/{update}`. */
export const attachedPortsSchema = z.object({ update: z.number().int().min(1), outPorts: z.array(outPortSchema) })
export type AttachedPorts = z.infer<typeof attachedPortsSchema>
