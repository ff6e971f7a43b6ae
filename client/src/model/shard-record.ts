import { z } from 'zod'
import { endReasonSchema } from './causes.ts'
import { batchIdSchema, poolIdSchema, shardIdSchema, workerIdSchema } from './ids.ts'
import { stateCountsSchema } from './job-state.ts'
import { jsonText, storedTime } from './stored.ts'

/** Who runs a job now. Only jobs in flight have one. */
export const leaseSchema = z.object({
  attempt: z.number().int().min(1),
  worker: workerIdSchema,
  /** The number of the worker's request that this lease answered. */
  request: z.number().int().min(0),
  /** When it was given, in ms since 1970. */
  at: z.number(),
  /** When its commands began, if the worker has said so. */
  startedAt: z.number().optional(),
  /** The job's share of what the machine costs; absent: nothing. */
  dollarsPerHour: z.number().optional(),
  /** The job is cancelled; the lease stays until its worker has let go. */
  stopping: z.boolean().optional(),
})
export type Lease = z.infer<typeof leaseSchema>

/** What a job has used of its retry budgets; only jobs that lost something have one. */
export const lossesSchema = z.object({
  preempted: z.number().int().optional(),
  /** Preemptions since the last other end: after some of them the job goes to an on-demand machine. */
  preemptedInARow: z.number().int().optional(),
  infrastructure: z.number().int().optional(),
  failed: z.number().int().optional(),
  exitCodes: z.record(z.string(), z.number().int()).optional(),
  outOfMemory: z.number().int().optional(),
  /** US dollars of its attempts so far. */
  spent: z.number().optional(),
})
export type Losses = z.infer<typeof lossesSchema>

/**
 * All that changes about one shard. Written with a precondition on every commit; at most 64 KiB. Maps are keyed by the
 * job's index in the shard.
 */
export const shardRecordSchema = z.object({
  /** Rises with every commit, so that the stored revision always moves. */
  version: z.number().int(),
  batch: batchIdSchema,
  shard: shardIdSchema,
  lane: z.number().int(),
  /** Where the batch's other shards are hosted. */
  lanes: z.object({ count: z.number().int().min(1), deployed: z.number().int().min(1) }),
  /** Names the chunk that belongs to this record. */
  planHash: z.string(),
  /** The batch's folder in the object store. */
  root: z.string(),
  /** Which of its jobs get a document for people: all, those that went wrong, or none. */
  projection: z.enum(['all', 'failed', 'none']),
  /** The number of its first job. */
  firstJob: z.number().int(),
  user: z.string(),
  /** `batchStarted` has come: jobs may become Ready. */
  isStarted: z.boolean(),
  /** The batch is cancelled: no grant and no retry, always-run jobs excepted. */
  isCancelled: z.boolean(),
  /** Why nothing more is started for now: the batch has cost too much. Absent: it goes on. */
  paused: z.string().optional(),
  /** How often it went on again: work that was announced before is announced anew. */
  resumes: z.number().int().optional(),
  /** US dollars of all attempts that have ended. */
  spent: z.number().optional(),
  /** One letter per job: p Pending, r Ready, c Creating, u Running, S Success, F Failed, E Error, X Cancelled. */
  states: z.string(),
  /** Attempts used, two hexadecimal digits per job. */
  attempts: z.string(),
  /** One letter per in-port: `.` open, `s` all its parents succeeded, `f` all have ended and not all succeeded. */
  ports: z.string(),
  leases: jsonText(z.record(z.string(), leaseSchema)),
  losses: jsonText(z.record(z.string(), lossesSchema)),
  /** Why a job that did not succeed ended. */
  ends: jsonText(z.record(z.string(), endReasonSchema)),
  /** A Ready job that backs off is not given away before this time, in ms since 1970. */
  notBefore: jsonText(z.record(z.string(), z.number())),
  /** Updates whose extra out-ports belong to the plan. */
  attached: z.array(z.number().int()),
  /** One digit per out-port whose event is known to be sent: 1. Absent when the shard has more than 16,384. */
  sentPorts: z.string(),
  /** `finished` is known to have been told to the batch record. */
  sentFinished: z.boolean(),
  /** How often the sweep has asked for a resend; part of the key of what is asked of other shards. */
  sweeps: z.number().int(),
  counts: stateCountsSchema,
  /** Pools that a Ready job of this shard waits for; recomputed with every commit. */
  readyPools: z.array(poolIdSchema),
  /** The time of the newest event; never falls. */
  lastAt: storedTime,
})
export type ShardRecord = z.infer<typeof shardRecordSchema>

/** How the jobs of a shard are: for those who look at each of its commits, and need no more. */
export const shardStatesSchema = shardRecordSchema.pick({ shard: true, firstJob: true, states: true })
export type ShardStates = z.infer<typeof shardStatesSchema>
