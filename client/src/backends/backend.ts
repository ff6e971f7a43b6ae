import type { BatchSpec } from '../compile/batch-spec.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { RunOptions } from './run-options.ts'
import type { RunningBatch } from './running-batch.ts'

/** What a batch hands to its backend: jobs that are new since the last time, as data. */
export interface Submission {
  /** The new jobs. May have none: the batch of `batchId`, or an empty one that succeeds, is returned at once. */
  readonly spec: BatchSpec
  /** The batch that the jobs are added to; `undefined` makes a new one. */
  readonly batchId: string | undefined
  readonly options: RunOptions
  /**
   * Called once, when the jobs are durably submitted and before anything is waited for. `numbers[i]` is the number in
   * the batch of `spec.jobs[i]`. Never called: nothing was submitted, and the same jobs may be submitted again.
   */
  submitted(batchId: string, numbers: ArrayLike<number>): void
}

/**
 * Where batches run: `LocalBackend` is this machine, `ServiceBackend` is Google Cloud. Closing is optional: a program
 * ends by itself; `close` frees connections early.
 *
 * @example
 * ```ts
 * import { Batch, LocalBackend } from 'graupel'
 *
 * await using backend = new LocalBackend({ cpus: 2 })
 * await new Batch({ name: 'hello', backend }).run()
 * ```
 */
export abstract class Backend<out Running extends RunningBatch = RunningBatch> implements AsyncDisposable {
  /**
   * For authors of backends; users call `batch.run()`. Submits the jobs and, unless `options.wait` is false, waits.
   *
   * @throws BatchError whatever makes the submission impossible, or the jobs of this call fail
   */
  runBatch(submission: Submission): Promise<Running> {
    return Promise.reject(
      new InvalidBatchError({
        message: `Batch '${submission.spec.name ?? ''}' cannot run: ${this.constructor.name} does not implement runBatch`,
      }),
    )
  }

  /**
   * For authors of backends; users call `Batch.fromBatchId(id)`. Finds a batch that was submitted earlier.
   *
   * @throws BatchNotFoundError if there is no such batch
   */
  findBatch(id: string): Promise<Running> {
    return Promise.reject(
      new InvalidBatchError({
        message: `Batch '${id}' cannot be found: ${this.constructor.name} does not implement findBatch`,
      }),
    )
  }

  /** Frees what the backend holds. Batches go on where they run outside this program. May be called twice. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
