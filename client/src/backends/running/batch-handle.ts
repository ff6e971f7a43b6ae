import { readBatchStatus } from '../../engine/batch-statuses.ts'
import { commitBatchEvent } from '../../engine/commit-record.ts'
import { readJob, readJobs } from '../../engine/job-statuses.ts'
import { readBatch } from '../../engine/records.ts'
import { BatchNotFoundError } from '../../errors/batch-not-found-error.ts'
import { type BatchEvent, type BatchId, type BatchRecord, isDeleted, objectPaths } from '../../model/index.ts'
import { pokeBatch } from '../../submission/poke-batch.ts'
import type { BatchControl, JobControl, JobEnd } from '../batch-control.ts'
import type { BatchStatus, BatchEvent as WatchedEvent } from '../batch-status.ts'
import type { Home } from '../home.ts'
import type { JobQuery, JobStatus } from '../job-status.ts'
import { type JobSelection, selectJobs } from '../queries/select-jobs.ts'
import type { WaitOptions } from '../run-options.ts'
import type { RunningBatch } from '../running-batch.ts'
import { cancelJobs } from './cancel-job.ts'
import { JobHandle } from './job-handle.ts'
import { LateDocuments } from './late-documents.ts'
import { toBatchStatus, toJobStatus } from './public-status.ts'
import { throwFailure } from './throw-failure.ts'
import { waitForEnd } from './wait-for-end.ts'
import { waitLimits } from './wait-limits.ts'
import { watchBatch } from './watch-batch.ts'
import { watchEnds } from './watch-ends.ts'

/** What a home adds to a handle. */
export interface BatchHooks {
  /** What is to be done before a wait is over; may be called more than once. */
  atEnd(record: BatchRecord): Promise<void>
}

const noHooks: BatchHooks = { atEnd: async () => undefined }

/** What a program can do with a submitted batch, wherever it runs: it reads records, and commits its wishes to them. */
export class BatchHandle implements BatchControl<RunningBatch> {
  readonly id: BatchId
  readonly #home: Home
  readonly #hooks: BatchHooks
  #root: string | undefined

  constructor(home: Home, id: BatchId, hooks: BatchHooks = noHooks) {
    this.#home = home
    this.id = id
    this.#hooks = hooks
  }

  async status(): Promise<BatchStatus> {
    await this.#read()
    const status = await readBatchStatus(this.#home.store, this.id, this.#home.clock.now())
    if (status === undefined) throw new BatchNotFoundError({ id: this.id })
    return toBatchStatus(status)
  }

  jobs(query: string | JobQuery): AsyncIterableIterator<JobStatus> {
    return this.#readJobs(selectJobs(query))
  }

  job(number: number): JobControl {
    return new JobHandle(this.#home, { batch: this.id, job: number, readBatch: () => this.#read() })
  }

  wait(options: WaitOptions, batch: RunningBatch): Promise<BatchStatus> {
    return this.waitForRun(options, batch, undefined)
  }

  /** Waits until the batch has ended, and fails for the jobs of one run only: those submitted with `token`. */
  async waitForRun(options: WaitOptions, batch: RunningBatch, token: string | undefined): Promise<BatchStatus> {
    const record = await waitForEnd(this.#home, this.id, waitLimits(options, `Batch ${this.id}`))
    await this.#hooks.atEnd(record)
    const status = await this.status()
    if (options.throwOnFailure !== false) await throwFailure(this.#home, { record, status, batch, token })
    return status
  }

  async cancel(): Promise<void> {
    await this.#commit({ type: 'cancelRequested' })
  }

  async delete(): Promise<void> {
    await this.#commit({ type: 'deleteRequested' })
  }

  watch(): AsyncIterableIterator<WatchedEvent> {
    return watchBatch(this.#home, this.id)
  }

  async cancelJobs(jobs: readonly number[]): Promise<void> {
    await cancelJobs(this.#home, await this.#read(), jobs)
  }

  watchEnds(onEnd: (end: JobEnd) => void, onError: (error: Error) => void): () => void {
    return watchEnds(this.#home, this.id, onEnd, onError)
  }

  async readValue(job: number, name: string): Promise<string> {
    this.#root ??= (await this.#read()).root
    return new TextDecoder().decode(await this.#home.objects.read(objectPaths.value(this.#root, job, name)))
  }

  async *#readJobs({ isWanted, hasState }: JobSelection): AsyncGenerator<JobStatus> {
    const { jobs } = await this.#read()
    const late = new LateDocuments(this.#home, jobs)
    const { store, clock } = this.#home
    for await (const stored of readJobs(store, this.id, { hasState, now: clock.now() })) {
      const job = toJobStatus(await late.complete(stored, () => readJob(store, this.id, stored.id, clock.now())))
      if (isWanted(job)) yield job
    }
  }

  async #commit(event: BatchEvent): Promise<void> {
    await this.#read()
    const record = await commitBatchEvent(this.#home, this.id, event)
    if (record === undefined) throw new BatchNotFoundError({ id: this.id })
    await pokeBatch(this.#home, record)
  }

  /** @throws BatchNotFoundError if there is no such batch, or it is being deleted */
  async #read(): Promise<BatchRecord> {
    const stored = await readBatch(this.#home.store, this.id)
    if (stored === undefined || isDeleted(stored.record)) throw new BatchNotFoundError({ id: this.id })
    return stored.record
  }
}
