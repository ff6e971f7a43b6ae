import type { Attributes } from '../dsl/attributes.ts'
import type { JobState } from '../model/index.ts'

/**
 * A job at one moment. What is not known yet is `undefined`.
 *
 * @example `for await (const job of run.jobs()) console.log(job.name, job.state, job.reason)`
 */
export interface JobStatus {
  readonly id: number
  readonly name: string | undefined
  readonly state: JobState
  /** A sentence whenever the job waits or did not succeed. */
  readonly reason: string | undefined
  readonly attributes: Attributes
  /** Number of its newest attempt; 0 before the first. */
  readonly attempt: number
  readonly worker: string | undefined
  readonly exitCode: number | undefined
  readonly readyAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly durationMs: number | undefined
  /** US dollars; 0 on this machine. */
  readonly cost: number
}

/**
 * Which jobs: by state (one, several, or a word for several), by name, or both.
 *
 * @example `run.jobs({ state: 'bad', name: /^align-/ })`
 */
export interface JobQuery {
  /** `'live'`: not ended; `'done'`: ended; `'bad'`: ended without success. */
  state?: JobState | readonly JobState[] | 'live' | 'done' | 'bad' | undefined
  /** A text is the whole name. */
  name?: string | RegExp | undefined
}

/**
 * One try to run a job.
 *
 * @example `for (const { attempt, reason } of await run.job(3).attempts()) console.log(attempt, reason)`
 */
export interface Attempt {
  readonly attempt: number
  readonly worker: string | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly reason: string | undefined
  readonly exitCode: number | undefined
}
