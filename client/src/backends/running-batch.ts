import type { FunctionResult } from '../dsl/function-result.ts'
import { type Job, submittedNumberOf } from '../dsl/job.ts'
import { nameOfResult } from '../dsl/result.ts'
import { decodeValue } from '../values/decode-value.ts'
import type { BatchControl } from './batch-control.ts'
import type { BatchEvent, BatchStatus } from './batch-status.ts'
import type { JobQuery, JobStatus } from './job-status.ts'
import type { WaitOptions } from './run-options.ts'
import { RunningJob } from './running-job.ts'

let readControl: (running: RunningBatch) => BatchControl<RunningBatch>

/**
 * A submitted batch, running or ended.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * batch.newJob({ name: 'hello' }).command`echo hello`
 * const run = await batch.run({ wait: false })
 * for await (const event of run.watch()) if (event.type === 'job') console.log(event.job.name, event.job.state)
 * ```
 */
export class RunningBatch {
  readonly #control: BatchControl<RunningBatch>

  static {
    readControl = (running) => running.#control
  }

  constructor(control: BatchControl<RunningBatch>) {
    this.#control = control
  }

  /** The batch's id: `Batch.fromBatchId(id)` finds it again from another program. */
  get id(): string {
    return this.#control.id
  }

  status(): Promise<BatchStatus> {
    return this.#control.status()
  }

  /** The batch's jobs by id. A text is in Hail's query language, version 2. Default: all jobs. */
  jobs(query: string | JobQuery = {}): AsyncIterableIterator<JobStatus> {
    return this.#control.jobs(query)
  }

  /**
   * One job, by its number or as the program made it.
   *
   * @throws InvalidBatchError if the job has not been submitted to this batch
   */
  job(job: number | Job): RunningJob {
    const number = typeof job === 'number' ? job : submittedNumberOf(job, this.id)
    return new RunningJob(number, this.#control.job(number))
  }

  /**
   * What a function returned; waits for its job if that has not ended. It stays when the run's files are deleted.
   *
   * @example `const model = await run.value(fit.call(train, features))`
   * @throws InvalidBatchError if its job has not been submitted to this batch
   * @throws JobFailedError, CancelledError if the job does not succeed
   */
  async value<T>(result: FunctionResult<T>): Promise<T> {
    const job = submittedNumberOf(result.source(), this.id)
    await this.#control.job(job).wait({})
    const text = await this.#control.readValue(job, nameOfResult(result))
    // The job stored what the function, whose result type is T, returned.
    return decodeValue(text) as T
  }

  /**
   * Waits until the batch has ended, and writes local destinations.
   *
   * @throws BatchFailedError, CancelledError unless it succeeds or `throwOnFailure` is false
   * @throws TimeoutError after `timeout`
   */
  wait(options: WaitOptions = {}): Promise<BatchStatus> {
    return this.#control.wait(options, this)
  }

  /** Cancels the batch; resolves when that is recorded. Always-run jobs still run. */
  cancel(): Promise<void> {
    return this.#control.cancel()
  }

  /** Cancels the batch, then deletes its records and files. */
  delete(): Promise<void> {
    return this.#control.delete()
  }

  /** Tells every change of a job and of the batch, until the batch has ended. */
  watch(): AsyncIterableIterator<BatchEvent> {
    return this.#control.watch()
  }
}

/** What its backend can do with a batch, beyond what a user asks for. */
export const controlOf = (running: RunningBatch): BatchControl<RunningBatch> => readControl(running)
