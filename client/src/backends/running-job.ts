import type { JobControl } from './batch-control.ts'
import type { Attempt, JobStatus } from './job-status.ts'
import type { WaitOptions } from './run-options.ts'

/**
 * One job of a submitted batch.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * const hello = batch.newJob({ name: 'hello' }).command`echo hello`
 * const run = await batch.run()
 * console.log(await run.job(hello).log()) // hello
 * ```
 */
export class RunningJob {
  /** The job's number in its batch, 1…n. */
  readonly id: number
  readonly #control: JobControl

  constructor(id: number, control: JobControl) {
    this.id = id
    this.#control = control
  }

  status(): Promise<JobStatus> {
    return this.#control.status()
  }

  /** The lines of an attempt's log as they come, until it ends. Default: the newest attempt. */
  log(options: { attempt?: number | undefined; follow: true }): AsyncIterableIterator<string>
  /** What an attempt has printed so far, both streams. Default: the newest attempt. */
  log(options?: { attempt?: number | undefined; follow?: false | undefined }): Promise<string>
  log(options: { attempt?: number | undefined; follow?: boolean | undefined } = {}) {
    return options.follow === true ? this.#control.followLog(options.attempt) : this.#control.log(options.attempt)
  }

  /** Every attempt to run the job so far, oldest first. */
  attempts(): Promise<Attempt[]> {
    return this.#control.attempts()
  }

  /**
   * Waits until the job has ended.
   *
   * @throws JobFailedError, CancelledError unless it succeeds or `throwOnFailure` is false
   * @throws TimeoutError after `timeout`
   */
  wait(options: WaitOptions = {}): Promise<JobStatus> {
    return this.#control.wait(options)
  }

  /** Cancels this job; resolves when that is recorded. Works on always-run jobs too. */
  cancel(): Promise<void> {
    return this.#control.cancel()
  }
}
