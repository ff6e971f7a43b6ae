import { z } from 'zod'
import { resourcesSchema } from './events.ts'
import { batchIdSchema, poolIdSchema, shardIdSchema, workerIdSchema } from './ids.ts'
import { jobDetailSchema, jobTemplateSchema } from './job-spec.ts'

/** What a machine is priced by. */
export const machineFactsSchema = z.object({
  type: z.string(),
  zone: z.string(),
  isSpot: z.boolean(),
  /** Its boot disk. Absent: the deployment's usual one. */
  diskGb: z.number().optional(),
  /** Absent: none but what comes with the type. */
  accelerator: z.object({ type: z.string(), count: z.number().int() }).optional(),
})
export type MachineFacts = z.infer<typeof machineFactsSchema>

/** One attempt as its worker names it. */
export const attemptRefSchema = z.object({
  batch: batchIdSchema,
  shard: shardIdSchema,
  job: z.number().int().min(1),
  attempt: z.number().int().min(1),
})
export type AttemptRef = z.infer<typeof attemptRefSchema>

/** A job given to a worker: all it needs to run one attempt of it. */
export const assignmentSchema = attemptRefSchema.extend({
  /** Where the attempt's events go. */
  lane: z.number().int(),
  /** Proves that an event is of this attempt: HMAC of batch, job, attempt and worker. */
  token: z.string(),
  name: z.string().optional(),
  /** The folder of the batch in the object store. */
  root: z.string(),
  template: jobTemplateSchema,
  detail: z.union([jobDetailSchema, z.object({ object: z.string() })]),
  /** Memory of this attempt: the template's, or more after an out-of-memory end. */
  memoryBytes: z.number(),
  /** Workers were lost under it: nothing else may run beside it. */
  isAlone: z.boolean().optional(),
})
export type Assignment = z.infer<typeof assignmentSchema>

/** `POST /lease`: give me work. Numbered per worker; one is open at a time. */
export const leaseRequestSchema = z.object({
  worker: workerIdSchema,
  /** Absent: jobs of any pool. */
  pool: poolIdSchema.optional(),
  request: z.number().int().min(1),
  free: resourcesSchema,
  total: resourcesSchema,
  /** What it runs on, where that costs something. */
  machine: machineFactsSchema.optional(),
  /** A job that needs more than it has waits for another machine. Absent: such a job gets all that there is. */
  mustFit: z.boolean().optional(),
  maxJobs: z.number().int().min(1),
  isEmpty: z.boolean(),
  /** How long the answer may wait for work to come; 0: answer at once. */
  waitMs: z.number().min(0).max(20_000),
  /** This is the worker's last request: if there is no work it leaves. */
  isLeaving: z.boolean(),
  /** Ends published and not yet confirmed. */
  unconfirmed: z.array(attemptRefSchema),
})
export type LeaseRequest = z.infer<typeof leaseRequestSchema>

export const leaseReplySchema = z.object({
  request: z.number().int(),
  assignments: z.array(assignmentSchema),
  /** Of the unconfirmed: those that are recorded. */
  confirmed: z.array(attemptRefSchema),
  /** Attempts to stop: cancelled or no longer current. */
  stops: z.array(attemptRefSchema),
  /** No work here; ask again no sooner than this. */
  retryAfterMs: z.number(),
  /** `left`: the goodbye is recorded. `refused`: the service has given this worker up; it must stop all and exit. */
  standing: z.enum(['active', 'left', 'refused']),
})
export type LeaseReply = z.infer<typeof leaseReplySchema>

/** `POST /stops`: tell me what to stop, as soon as there is something. */
export const stopsRequestSchema = z.object({
  worker: workerIdSchema,
  /** How long the answer may wait for an order to come. */
  waitMs: z.number().min(0).max(60_000),
})
export type StopsRequest = z.infer<typeof stopsRequestSchema>

export const stopsReplySchema = z.object({
  /** Attempts to stop: cancelled or no longer current. */
  stops: z.array(attemptRefSchema),
  /** Ask again no sooner than this. */
  retryAfterMs: z.number(),
})
export type StopsReply = z.infer<typeof stopsReplySchema>

/** `POST /renew`, once a minute to every lane: I live, and this is what I hold. */
export const renewRequestSchema = z.object({
  worker: workerIdSchema,
  pool: poolIdSchema.optional(),
  highest: z.number().int(),
  open: z.number().int().optional(),
  held: z.array(attemptRefSchema),
  unconfirmed: z.array(attemptRefSchema),
  /** Room for more work. */
  free: resourcesSchema.optional(),
})
export type RenewRequest = z.infer<typeof renewRequestSchema>

export const renewReplySchema = z.object({
  confirmed: z.array(attemptRefSchema),
  stops: z.array(attemptRefSchema),
  standing: z.enum(['active', 'refused']),
})
export type RenewReply = z.infer<typeof renewReplySchema>
