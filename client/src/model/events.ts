import { z } from 'zod'
import { attemptEndSchema, causeSchema } from './causes.ts'
import { batchIdSchema, poolIdSchema, shardIdSchema, workerIdSchema } from './ids.ts'
import { stateCountsSchema } from './job-state.ts'
import { rangesSchema } from './ranges.ts'

/** Cpu, memory and disk, as a worker has them or a job takes them. */
export const resourcesSchema = z.object({
  cpuMillis: z.number(),
  memoryBytes: z.number(),
  storageBytes: z.number(),
})
export type Resources = z.infer<typeof resourcesSchema>

const job = z.number().int().min(1)
const attempt = z.number().int().min(1)

const attemptStarted = z.object({
  type: z.literal('attemptStarted'),
  job,
  attempt,
  worker: workerIdSchema,
  startedAt: z.number(),
})
const attemptEnded = z.object({
  type: z.literal('attemptEnded'),
  job,
  attempt,
  worker: workerIdSchema,
  end: attemptEndSchema,
})

/** What may happen to a shard. Numbers of jobs are numbers in the batch. */
export const shardEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('batchStarted') }),
  /** Ports of this shard that `fromShard` has resolved. */
  z.object({
    type: z.literal('edgesResolved'),
    fromShard: shardIdSchema,
    succeeded: rangesSchema,
    failed: rangesSchema,
  }),
  z.object({
    type: z.literal('leaseRequested'),
    worker: workerIdSchema,
    request: z.number().int(),
    /** `undefined`: any pool. */
    pool: poolIdSchema.optional(),
    free: resourcesSchema,
    total: resourcesSchema,
    /** What the machine costs. */
    dollarsPerHour: z.number().optional(),
    /** Jobs that need more than there is are for another worker; otherwise they get all of it. */
    mustFit: z.boolean().optional(),
    maxJobs: z.number().int().min(1),
    /** The worker runs nothing else. */
    isEmpty: z.boolean(),
  }),
  attemptStarted,
  attemptEnded,
  z.object({
    type: z.literal('workerLost'),
    worker: workerIdSchema,
    cause: causeSchema.extract(['preempted', 'infrastructure']),
    /** Its machine may still put away what ran there, for so long: the next attempts wait. */
    lingersMs: z.number().min(0).max(600_000).optional(),
  }),
  /** What a worker holds here: leases of settled requests that it does not hold are retired. */
  z.object({
    type: z.literal('holdingsReported'),
    worker: workerIdSchema,
    /** Highest request number it has issued, and the one still open. */
    highest: z.number().int(),
    open: z.number().int().optional(),
    held: z.array(z.tuple([job, attempt])),
  }),
  z.object({ type: z.literal('cancelRequested'), jobs: rangesSchema.optional(), reason: z.string().optional() }),
  z.object({ type: z.literal('portsAttached'), update: z.number().int() }),
  z.object({ type: z.literal('poolFailed'), pool: poolIdSchema, reason: z.string() }),
  /** Another shard misses edges of this one. */
  z.object({ type: z.literal('edgesAsked'), byShard: shardIdSchema }),
  z.object({ type: z.literal('swept'), resend: z.boolean() }),
  /** The batch has cost too much, or may go on: without a reason. */
  z.object({ type: z.literal('pauseSet'), reason: z.string().optional() }),
])
export type ShardEvent = z.infer<typeof shardEventSchema>

/** What may happen to a batch record. */
export const batchEventSchema = z.discriminatedUnion('type', [
  /** The submitter has written all chunks and records of the update: let it begin. */
  z.object({ type: z.literal('updateCommitted'), token: z.string() }),
  z.object({
    type: z.literal('shardFinished'),
    shard: shardIdSchema,
    counts: stateCountsSchema,
    spent: z.number().optional(),
  }),
  z.object({ type: z.literal('pauseSet'), reason: z.string().optional() }),
  z.object({ type: z.literal('failuresSeen'), shard: shardIdSchema, failures: z.number().int() }),
  z.object({ type: z.literal('cancelRequested'), reason: z.string().optional() }),
  z.object({ type: z.literal('shardBroken'), shard: shardIdSchema, reason: z.string() }),
  z.object({ type: z.literal('calledBack'), completion: z.number().int() }),
  z.object({ type: z.literal('scratchReleased') }),
  z.object({ type: z.literal('deleteRequested') }),
  /** Its files and documents have been deleted. */
  z.object({ type: z.literal('erased') }),
  /** Someone changed the record behind the host's back, or a sweep wants what is missing. */
  z.object({ type: z.literal('poked'), resend: z.boolean() }),
])
export type BatchEvent = z.infer<typeof batchEventSchema>

/** Events for one shard, or for the batch record (`shard` absent). A worker's events carry its attempt's token. */
export const deliverySchema = z.union([
  z.object({
    batch: batchIdSchema,
    shard: shardIdSchema,
    events: z.array(z.object({ event: shardEventSchema, token: z.string().optional() })),
  }),
  z.object({ batch: batchIdSchema, events: z.array(z.object({ event: batchEventSchema })) }),
])
export type Delivery = z.infer<typeof deliverySchema>
export type ShardDelivery = Extract<Delivery, { shard: unknown }>

/** At most this many shards travel in one message. */
export const maxDeliveriesPerMessage = 64

/** One message on a lane's topic; acknowledged when all its events are durable and their effects are sent. */
export const laneMessageSchema = z.object({ deliveries: z.array(deliverySchema).max(maxDeliveriesPerMessage) })
export type LaneMessage = z.infer<typeof laneMessageSchema>

/** A message on a lane's topic for workers: it may tell of attempts, with their tokens, and of nothing else. */
export const workerMessageSchema = z.object({
  deliveries: z
    .array(
      z.object({
        batch: batchIdSchema,
        shard: shardIdSchema,
        events: z.array(
          z.object({ event: z.discriminatedUnion('type', [attemptStarted, attemptEnded]), token: z.string() }),
        ),
      }),
    )
    .max(maxDeliveriesPerMessage),
})
