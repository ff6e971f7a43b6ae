import { z } from 'zod'

/** A batch's id: random and unordered, because time-ordered ids put all new documents on one Firestore server. */
export const batchIdSchema = z
  .string()
  .regex(/^[a-z0-9]{8,40}$/)
  .brand<'BatchId'>()
export type BatchId = z.infer<typeof batchIdSchema>

/** A job's number in its batch, 1…n, in topological order: every parent has a smaller number. */
export const jobIdSchema = z.number().int().min(1).brand<'JobId'>()
export type JobId = z.infer<typeof jobIdSchema>

/** A shard's number in its batch, 0…m−1. */
export const shardIdSchema = z.number().int().min(0).brand<'ShardId'>()
export type ShardId = z.infer<typeof shardIdSchema>

/** A worker's id: its machine's name and the start of its agent. Never used twice. */
export const workerIdSchema = z.string().min(1).max(120).brand<'WorkerId'>()
export type WorkerId = z.infer<typeof workerIdSchema>

/** The name of a pool: all workers of one shape, and all jobs that need that shape. */
export const poolIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/)
  .brand<'PoolId'>()
export type PoolId = z.infer<typeof poolIdSchema>

export const batchId = (text: string): BatchId => batchIdSchema.parse(text)
export const shardId = (number: number): ShardId => shardIdSchema.parse(number)
export const workerId = (text: string): WorkerId => workerIdSchema.parse(text)
export const poolId = (text: string): PoolId => poolIdSchema.parse(text)
