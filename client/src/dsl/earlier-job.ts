import type { BatchIdentity } from './job-draft.ts'

let readBatch: (job: EarlierJob) => BatchIdentity

/**
 * A job submitted earlier, of a batch found by its id: it can be depended on. Made by `batch.job(id)`.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = await Batch.fromBatchId('3k9x0a7mq2')
 * batch.newJob({ name: 'report' }).dependsOn(batch.job(7)).command`echo job 7 is done`
 * await batch.run()
 * ```
 */
export class EarlierJob {
  readonly #batch: BatchIdentity
  /** The job's number in its batch, 1…n. */
  readonly id: number

  static {
    readBatch = (job) => job.#batch
  }

  constructor(batch: BatchIdentity, id: number) {
    this.#batch = batch
    this.id = id
  }
}

export const batchOfEarlier = (job: EarlierJob): BatchIdentity => readBatch(job)
