import { z } from 'zod'
import type { CallsTask } from '../sandbox/sandbox.ts'

/** What a runner is asked to do. */
export interface CallRequest<Task extends CallsTask = CallsTask> {
  /** `BATCH_TMPDIR`, below which all paths are. */
  readonly root: string
  readonly calls: Task['calls']
  /** Absolute paths of files that lie elsewhere, by their paths below `root`. */
  readonly elsewhere?: Readonly<Record<string, string>> | undefined
}

/** The same for a runner that serves one attempt after the other, with what a process of its own would have. */
export interface WarmRequest extends CallRequest<Extract<CallsTask, { kind: 'functions' }>> {
  readonly env: Readonly<Record<string, string>>
  /** The path of a named pipe that somebody reads. */
  readonly output: string
}

/** What such a runner says, a line of JSON each. One that is not fit for another attempt exits instead of `ended`. */
export const runnerReportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('ended'), exitCode: z.number().int() }),
])
export type RunnerReport = z.infer<typeof runnerReportSchema>

/** What a runner that serves one attempt leaves beside its request when it fails. */
export const callsEndSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('failed'), message: z.string() }),
  /** The language itself is too old for the runner. */
  z.object({ kind: z.literal('outdated'), version: z.string() }),
])
export type CallsEnd = z.infer<typeof callsEndSchema>
