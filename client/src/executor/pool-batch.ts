import { setImmediate as nextTurn } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { BatchControl, JobEnd } from '../backends/batch-control.ts'
import { controlOf, type RunningBatch } from '../backends/running-batch.ts'
import { Batch, graphOf } from '../dsl/batch.ts'
import type { BatchOptions } from '../dsl/batch-options.ts'
import type { FunctionJob } from '../dsl/function-job.ts'
import { addCall } from '../dsl/function-job.ts'
import { submittedNumberOf } from '../dsl/job.ts'
import { CancelledError } from '../errors/cancelled-error.ts'
import { decodeValue } from '../values/decode-value.ts'
import type { PoolCall } from './pool-call.ts'
import type { PoolJobOptions } from './pool-options.ts'

const readsAtOnce = 32
/** The only call of a job of an executor. */
const valueName = '1'

/** The one batch of an executor: calls become jobs of it, and their ends come back. */
export class PoolBatch {
  readonly #options: BatchOptions
  readonly #jobOptions: PoolJobOptions
  readonly #calls = new Map<number, PoolCall>()
  /** Jobs that ended before the program had learnt their numbers. */
  readonly #early = new Map<number, JobEnd>()
  readonly #read = pLimit(readsAtOnce)
  readonly #sentTexts = new Set<string>()
  #running: RunningBatch | undefined
  #toCancel: number[] = []
  #cancelling: Promise<void> | undefined
  /** Why ends are not heard of any more. */
  #deafness: Error | undefined
  #unwatch: () => void = () => undefined

  constructor(options: BatchOptions, jobOptions: PoolJobOptions) {
    this.#options = options
    this.#jobOptions = jobOptions
  }

  /** A batch of its own for each update: the jobs of earlier ones need not be remembered. */
  async submit(calls: readonly PoolCall[]): Promise<RunningBatch> {
    if (this.#deafness !== undefined) throw this.#deafness
    const batch = new Batch(this.#options)
    const graph = graphOf(batch)
    graph.sentTexts = this.#sentTexts
    if (this.#running !== undefined) {
      graph.batchId = this.#running.id
      graph.isFound = true
    }
    const jobs = calls.map(({ prepared }) => {
      const job = batch.newFunctionJob({ name: prepared.name, ...this.#jobOptions })
      addCall(job, prepared)
      return job
    })
    const running = await batch.run({ wait: false, progress: false })
    if (this.#running === undefined) this.#watch(running)
    this.#number(calls, jobs, running.id)
    return running
  }

  /** Cancels the job of a call. Those asked for at one moment, as when a map ends, are told together. */
  cancel(job: number): Promise<void> {
    this.#cancelling ??= this.#cancelTogether()
    this.#toCancel.push(job)
    return this.#cancelling
  }

  async #cancelTogether(): Promise<void> {
    await nextTurn()
    const jobs = this.#toCancel
    this.#toCancel = []
    this.#cancelling = undefined
    await this.#control?.cancelJobs(jobs)
  }

  /** Stops listening. */
  close(): void {
    this.#unwatch()
  }

  /** Deletes the batch and its files. */
  async delete(): Promise<void> {
    await this.#control?.delete()
  }

  get #control(): BatchControl<RunningBatch> | undefined {
    return this.#running === undefined ? undefined : controlOf(this.#running)
  }

  #watch(running: RunningBatch): void {
    this.#running = running
    this.#unwatch = controlOf(running).watchEnds(
      (end) => this.#end(end),
      (error) => this.#failAll(error),
    )
  }

  #number(calls: readonly PoolCall[], jobs: readonly FunctionJob[], batchId: string): void {
    for (const [index, job] of jobs.entries()) {
      const call = calls[index]
      if (call === undefined) continue
      const number = submittedNumberOf(job, batchId)
      call.submitted(number)
      this.#calls.set(number, call)
      if (this.#deafness !== undefined) call.fail(this.#deafness)
      const early = this.#early.get(number)
      if (early !== undefined) this.#end(early)
      else if (call.state.kind === 'settled') void this.cancel(number).catch(() => undefined)
    }
  }

  #end(end: JobEnd): void {
    const call = this.#calls.get(end.job)
    if (call === undefined) {
      this.#early.set(end.job, end)
      return
    }
    this.#calls.delete(end.job)
    this.#early.delete(end.job)
    if (call.state.kind !== 'settled') void this.#settle(call, end)
  }

  async #settle(call: PoolCall, { job, state }: JobEnd): Promise<void> {
    try {
      if (state === 'Success') call.succeed(decodeValue(await this.#read(() => this.#valueOf(job))))
      else call.fail(await this.#failureOf(job))
    } catch (error) {
      call.fail(error)
    }
  }

  async #valueOf(job: number): Promise<string> {
    if (this.#control === undefined) throw new Error('a job ended before it was submitted')
    return this.#control.readValue(job, valueName)
  }

  async #failureOf(job: number): Promise<unknown> {
    try {
      await this.#control?.job(job).wait({})
    } catch (error) {
      return error
    }
    return new CancelledError({ message: `Job ${job} was cancelled` })
  }

  #failAll(error: Error): void {
    this.#deafness = error
    for (const call of this.#calls.values()) call.fail(error)
    this.#calls.clear()
  }
}
