import { z } from 'zod'
import { peakUsageSchema } from './usage.ts'

/**
 * Why an attempt ended. A closed list, decided by evidence on the worker or by the service, never by an exit code that a
 * program may choose itself. What follows from each: `judgeEnd` of the kernel.
 * - `success`: exit 0, every needed output there, manifest written
 * - `failed`: the user's command ended with another exit code or signal, which nothing below explains
 * - `outOfMemory`: the system counts a kill for memory in the container or on the machine, or the watch of memory ended it
 * - `outOfDisk`: the watch of files ended it: more than the job's storage, or the most of a disk that is full
 * - `timeout`: ended by the worker after the job's `timeout`
 * - `image`: the image is missing, forbidden, for another platform or cannot start
 * - `shell`: the job's shell does not exist, says the system or Docker
 * - `missingInput`: an input was not there
 * - `missingOutput`: a needed output was not made
 * - `staging`: copying inputs or outputs kept failing, or cannot succeed (`isLasting`)
 * - `stopped`: ended because the job was cancelled
 * - `preempted`: the machine was taken away
 * - `infrastructure`: worker lost, or a fault of the machine or of graupel
 */
export const causes = [
  'success',
  'failed',
  'outOfMemory',
  'outOfDisk',
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
  /** Absent for a short attempt, which nobody looks at. */
  peak: peakUsageSchema.optional(),
  /** The end is told ahead: for so long something of the attempt may still run. Absent: nothing does. */
  lingersMs: z.number().min(0).max(600_000).optional(),
  /** With cause `staging`: another attempt, on whatever machine, would end so too. Absent: it may do better. */
  isLasting: z.boolean().optional(),
})
export type AttemptEnd = z.infer<typeof attemptEndSchema>

/** Why a job that is not running, or did not succeed, is where it is. Stored in the shard record for bad ends only. */
export const endReasonSchema = z.object({
  cause: z.union([causeSchema, z.enum(['parent', 'cancelled', 'pool'])]),
  exitCode: z.number().int().optional(),
  message: z.string().optional(),
})
export type EndReason = z.infer<typeof endReasonSchema>
