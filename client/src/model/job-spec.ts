import { z } from 'zod'
import { functionCallSchema, pythonCallSchema } from './call.ts'

/**
 * A piece of a script: text, or the place of a file, which becomes its absolute path when the job starts, written for
 * the quotes it stands in (`brace`: within `"${x:-…}"`; `none`: as it is, as in a heredoc).
 */
export const scriptPieceSchema = z.union([
  z.string(),
  z.object({ path: z.string(), quote: z.enum(['bare', 'double', 'single', 'brace', 'none']) }),
])
export type ScriptPiece = z.infer<typeof scriptPieceSchema>

/** What a job does. A barrier has nothing to run and succeeds. */
export const taskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bash'), shell: z.string(), script: z.array(scriptPieceSchema) }),
  /** Calls of functions, one after the other in one program. */
  z.object({ kind: z.literal('functions'), calls: z.array(functionCallSchema) }),
  z.object({ kind: z.literal('python'), calls: z.array(pythonCallSchema) }),
  z.object({ kind: z.literal('barrier') }),
])
export type Task = z.infer<typeof taskSchema>

/** A file or folder to have in place before the commands run. `path` starts at the batch's folder (`BATCH_TMPDIR`). */
export const inputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('job'), job: z.number().int(), path: z.string() }),
  z.object({ kind: z.literal('object'), uri: z.string(), path: z.string() }),
  /** What the program itself brought with the batch: code of functions, and values that many calls share. */
  z.object({ kind: z.literal('text'), name: z.string(), path: z.string() }),
  /** A result that a job of an earlier run has left. */
  z.object({ kind: z.literal('value'), job: z.number().int(), name: z.string(), path: z.string() }),
])
export type Input = z.infer<typeof inputSchema>

/**
 * A file or folder that the job makes at `path`. `isNeeded`: a child or a destination waits for it. A destination is a
 * URI, or `value:<name>` for a value that outlives the batch's scratch.
 */
export const outputSchema = z.object({
  name: z.string(),
  path: z.string(),
  isNeeded: z.boolean(),
  destinations: z.array(z.string()),
})
export type Output = z.infer<typeof outputSchema>

/** A symbolic link made before the commands run: `<root>.<member>` of an input group → the member's file. */
export const linkSchema = z.object({ path: z.string(), target: z.string() })
export type Link = z.infer<typeof linkSchema>

/** What only the worker reads. Kept as an object of its own when it is larger than 10 KiB. */
export const jobDetailSchema = z.object({
  task: taskSchema,
  /** The job's own folder below `BATCH_TMPDIR`, where its outputs are made. */
  directory: z.string(),
  inputs: z.array(inputSchema),
  links: z.array(linkSchema),
  outputs: z.array(outputSchema),
})
export type JobDetail = z.infer<typeof jobDetailSchema>

/** Retries allowed per cause, beside the first attempt. */
export const retryPolicySchema = z.object({
  failed: z.number().int().min(0),
  exitCodes: z.record(z.string(), z.number().int().min(0)).optional(),
  outOfMemory: z.object({ factor: z.number(), upToBytes: z.number() }).optional(),
  preempted: z.number().int().min(0),
  infrastructure: z.number().int().min(0),
  onDemandAfter: z.number().int().min(0),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

export const defaultRetryPolicy: RetryPolicy = { failed: 0, preempted: 20, infrastructure: 5, onDemandAfter: 3 }

/** What like jobs have in common; stored once per chunk. The kernel reads nothing else of a job but its edges. */
export const jobTemplateSchema = z.object({
  image: z.string().optional(),
  env: z.record(z.string(), z.string()),
  cpuMillis: z.number().int().min(1),
  memoryBytes: z.number().int().min(0),
  storageBytes: z.number().int().min(0),
  timeoutMs: z.number().int().min(0).optional(),
  alwaysRun: z.boolean(),
  alwaysCopyOutput: z.boolean(),
  spot: z.boolean(),
  /** `['any']`: any region; absent: those of the backend. */
  regions: z.array(z.string()).optional(),
  machineType: z.string().optional(),
  accelerator: z.object({ type: z.string(), count: z.number().int() }).optional(),
  cloudfuse: z.array(z.object({ bucket: z.string(), mountPoint: z.string(), readOnly: z.boolean() })).optional(),
  /** The job has a folder that outlives its attempts: stored every so often and when one ends without success. */
  checkpoint: z.object({ everyMs: z.number().int().min(1) }).optional(),
  maxAttempts: z.number().int().min(1).optional(),
  requesterPaysProject: z.string().optional(),
  retry: retryPolicySchema,
})
export type JobTemplate = z.infer<typeof jobTemplateSchema>
