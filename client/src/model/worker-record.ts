import { z } from 'zod'
import { resourcesSchema } from './events.ts'
import { batchIdSchema, poolIdSchema, shardIdSchema, workerIdSchema } from './ids.ts'
import { jsonText, storedTime } from './stored.ts'

/** A job given to a worker, as the worker record remembers it: enough to give the same answer again. */
export const grantRefSchema = z.object({
  batch: batchIdSchema,
  shard: shardIdSchema,
  job: z.number().int(),
  attempt: z.number().int(),
})
export type GrantRef = z.infer<typeof grantRefSchema>

/** `leaving`: it said goodbye; `lost`: it fell silent; `gone`: no lease of it is left. Only `active` gets work. */
export const workerStates = ['active', 'leaving', 'lost', 'gone'] as const
export type WorkerState = (typeof workerStates)[number]

export const workerRecordSchema = z.object({
  version: z.number().int(),
  id: workerIdSchema,
  pool: poolIdSchema,
  state: z.enum(workerStates),
  registeredAt: storedTime,
  /** The service may take the worker's jobs away after this time, once the fleet has confirmed that it is gone. */
  renewedUntil: storedTime,
  /** Set once it is gone: the document goes then. */
  expireAt: storedTime.optional(),
  /** Shards it may hold leases in, `batch/shard`: just where `workerLost` must go. */
  shards: z.array(z.string()),
  /** The number of its newest answered request, and what it got: a repeated request gets the same answer. */
  lastRequest: z.number().int(),
  /** The room it had left when it last said so, less what it was given then. Absent: it has been given nothing yet. */
  free: resourcesSchema.optional(),
  grants: jsonText(z.array(grantRefSchema)),
})
export type WorkerRecord = z.infer<typeof workerRecordSchema>
