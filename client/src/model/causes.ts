import { z } from 'zod'

/**
 * Why an attempt ended. A closed list, decided by evidence on the worker or by the service:
 * - `success`: exit 0, every needed output there, manifest written
 * - `failed`: the user's command ended with another exit code or signal
 * - `outOfMemory`: the container went over its memory
 * - `timeout`: the commands took longer than the job's `timeout`
 * - `image`: the image is missing, forbidden or cannot start
 * - `shell`: the job's shell does not exist
 * - `missingInput`: an input was not there
 * - `missingOutput`: a needed output was not made
 * - `staging`: copying inputs or outputs kept failing
 * - `stopped`: ended because the job was cancelled
 * - `preempted`: the machine was taken away
 * - `infrastructure`: worker lost, or a fault of the machine or of graupel
 */
export const causes = [
  'success',
  'failed',
  'outOfMemory',
  'timeout',
  'image',
  'shell',
  'missingInput',
  'missingOutput',
  'staging',
  'stopped',
  'preempted',
  'infrastructure',
] as const
export const causeSchema = z.enum(causes)
export type Cause = z.infer<typeof causeSchema>

/** How one attempt ended, as its worker reports it. */
export const attemptEndSchema = z.object({
  cause: causeSchema,
  /** Exit code of the commands; 128 + signal number for a signal. Absent where they did not run. */
  exitCode: z.number().int().optional(),
  /** One sentence for the user: what happened, with values. Absent on success. */
  message: z.string().max(2000).optional(),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** The end is told ahead: for so long something of the attempt may still run. Absent: nothing does. */
  lingersMs: z.number().min(0).max(600_000).optional(),
})
export type AttemptEnd = z.infer<typeof attemptEndSchema>

/** Why a job that is not running, or did not succeed, is where it is. Stored in the shard record for bad ends only. */
export const endReasonSchema = z.object({
  cause: z.union([causeSchema, z.enum(['parent', 'cancelled', 'pool'])]),
  exitCode: z.number().int().optional(),
  message: z.string().optional(),
})
export type EndReason = z.infer<typeof endReasonSchema>
