import { z } from 'zod'
import { batchIdSchema } from './ids.ts'
import { batchStateSchema, stateCountsSchema } from './job-state.ts'
import { rangesSchema } from './ranges.ts'
import { jsonText, storedTime } from './stored.ts'

/** One submission of jobs to a batch: the first, or a later update. Reserved, then written, then committed. */
export const batchUpdateSchema = z.object({
  /** 1 is the submission that made the batch. */
  number: z.number().int().min(1),
  token: z.string(),
  firstJob: z.number().int().min(1),
  jobs: z.number().int().min(0),
  firstShard: z.number().int().min(0),
  shards: z.number().int().min(0),
  /** Names the update's chunks: two clients with one token and different jobs conflict instead of mixing. */
  planHash: z.string(),
  isCommitted: z.boolean(),
  /** `batchStarted` is known to be sent to all its shards. */
  isStartSent: z.boolean(),
  /** Old shards whose jobs this update's jobs depend on: they get `portsAttached`. */
  attachesTo: z.array(z.number().int()),
})
export type BatchUpdate = z.infer<typeof batchUpdateSchema>

/**
 * What a batch's record no longer lists: the jobs and shards of updates that are over. Thousands of small updates would
 * not fit a document, and each commit would write them all again.
 */
export const archivedUpdatesSchema = z.object({
  updates: z.number().int().min(0),
  jobs: rangesSchema,
  shards: rangesSchema,
})
export type ArchivedUpdates = z.infer<typeof archivedUpdatesSchema>

/** Which update a token stands for; read when the record does not list the update any more. */
export const updateTokenSchema = batchUpdateSchema.pick({
  number: true,
  token: true,
  firstJob: true,
  jobs: true,
  firstShard: true,
  shards: true,
  planHash: true,
})
export type UpdateToken = z.infer<typeof updateTokenSchema>

/** The record of a batch: hosted like a shard, by `reduceBatch`. */
export const batchRecordSchema = z.object({
  version: z.number().int(),
  id: batchIdSchema,
  name: z.string().optional(),
  user: z.string(),
  attributes: z.record(z.string(), z.string()),
  /** `open` until submitted, `running` until all is done. */
  state: batchStateSchema,
  /** Why it is cancelled or failed, in words. */
  reason: z.string().optional(),
  /** The folder of the batch in the object store: `gs://bucket/prefix/id`, `file:///…` on this machine. */
  root: z.string(),
  lanes: z.object({ count: z.number().int().min(1), deployed: z.number().int().min(1) }),
  /** The first, and of the later ones those that may still have something to do; by number. */
  updates: z.array(batchUpdateSchema),
  archived: jsonText(archivedUpdatesSchema),
  /** Jobs and shards of committed updates. */
  jobs: z.number().int(),
  shards: z.number().int(),
  /** One digit per shard: 1 finished. */
  finishedShards: z.string(),
  /** Sum over finished shards. */
  counts: stateCountsSchema,
  /** Failed and errored jobs per shard, the greatest number seen: set, never added. */
  failures: jsonText(z.record(z.string(), z.number())),
  cancelAfterNFailures: z.number().int().min(1).optional(),
  isCancelled: z.boolean(),
  /** Why nothing more is started for now: it has cost too much. */
  paused: z.string().optional(),
  /** US dollars of its finished shards. */
  spent: z.number().optional(),
  /** A chunk or record cannot be used: what and why. The batch is cancelled and the shard counts as finished. */
  broken: z.string().optional(),
  /** Shards that cannot be computed: their edges will never come. */
  brokenShards: z.array(z.number().int()).optional(),
  /** It is to be deleted, and something of it may still be there. */
  isDeleting: z.boolean(),
  /** When its deletion was asked for. */
  deletionAskedAt: storedTime.optional(),
  /** When the last of it was gone; what is left is this record, so that what comes late finds it deleted. */
  deletedAt: storedTime.optional(),
  callback: z.string().optional(),
  /** How often the batch has been completed; part of the key of what completion sets off. */
  completions: z.number().int(),
  /** The completion that was called back last. */
  calledBack: z.number().int(),
  deleteScratch: z.boolean(),
  /** `held`: the client still copies local outputs and releases it afterwards. */
  scratch: z.enum(['kept', 'held', 'deleted']),
  createdAt: storedTime,
  submittedAt: storedTime.optional(),
  endedAt: storedTime.optional(),
  /** Set once it is deleted: what is left of it, so that late events find it deleted, goes then. */
  expireAt: storedTime.optional(),
  /** The time of the newest event; never falls. */
  lastAt: storedTime,
})
export type BatchRecord = z.infer<typeof batchRecordSchema>

/** For its users it is gone, whether or not something of it is still to be deleted. */
export const isDeleted = ({ isDeleting, deletedAt }: Pick<BatchRecord, 'isDeleting' | 'deletedAt'>): boolean =>
  isDeleting || deletedAt !== undefined
