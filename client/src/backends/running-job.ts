import type { JobControl } from './batch-control.ts'
import type { Attempt, JobStatus } from './job-status.ts'
import type { ResourceUsage } from './resource-usage.ts'
import type { WaitOptions } from './run-options.ts'

/** For graupel's own command, which writes a log of any length as it is. */
export let controlOf: (job: RunningJob) => JobControl

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
  static {
    controlOf = (job) => job.#control
  }

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

  /**
   * The lines of an attempt's log as they come, until it ends. Default: the newest attempt. A line shows within two
   * seconds.
   *
   * @throws InvalidBatchError if there has been no such attempt
   * @example `for await (const line of run.job(3).log({ follow: true })) console.log(line)`
   */
  log(options: { attempt?: number | undefined; follow: true }): AsyncIterableIterator<string>
  /**
   * What an attempt has printed so far, both streams in order. Default: the newest attempt. If its commands never ran
   * because staging failed, it is what was wrong. Empty before the first attempt.
   *
   * @throws InvalidBatchError if there has been no such attempt, or if the log is longer than a text can be (512 MiB)
   * @example `console.log(await run.job(3).log({ attempt: 1 }))`
   */
  log(options?: { attempt?: number | undefined; follow?: false | undefined }): Promise<string>
  log(options: { attempt?: number | undefined; follow?: boolean | undefined } = {}) {
    return options.follow === true ? this.#control.followLog(options.attempt) : this.#control.log(options.attempt)
  }

  /** Every attempt to run the job so far, oldest first. */
  attempts(): Promise<Attempt[]> {
    return this.#control.attempts()
  }

  /**
   * What an attempt has used so far, oldest first. Default: the newest attempt. The first look is after a second, then ever more rarely, at
   * least every 5 seconds; of a long attempt at most 512 looks are kept. Empty for an attempt of less than a second. What
   * runs is shown with a delay of up to two minutes on the service.
   *
   * @throws InvalidBatchError if there has been no such attempt
   * @example `for (const { at, cpu, memoryBytes } of await run.job(3).resourceUsage()) console.log(at, cpu, memoryBytes)`
   */
  resourceUsage({ attempt }: { attempt?: number | undefined } = {}): Promise<ResourceUsage[]> {
    return this.#control.resourceUsage(attempt)
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
