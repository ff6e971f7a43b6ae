import { type Caller, captureFunction, nameOfFunction, prepareArguments, prepareCall } from '../dsl/function-call.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { BatchPoolFuture } from './batch-pool-future.ts'
import { CallQueue } from './call-queue.ts'
import { type MapPlan, MapRun } from './map-run.ts'
import { PoolBatch } from './pool-batch.ts'
import { PoolCall } from './pool-call.ts'
import { type BatchPoolExecutorOptions, type MapOptions, readPoolOptions } from './pool-options.ts'
import { type AnyIterable, rowsOf, type Zip } from './zip.ts'

/**
 * Calls functions in jobs, as an executor of threads would: each call is a job of one batch, which grows as calls come.
 * Runs on any backend.
 *
 * @example
 * ```ts
 * import { BatchPoolExecutor } from 'graupel'
 *
 * await using pool = new BatchPoolExecutor({ name: 'numbers' })
 * console.log(await pool.submit((x: number) => x + 1, 41)) // 42
 * for await (const square of pool.map((x: number) => x ** 2, [0, 1, 2, 3])) console.log(square)
 * ```
 */
export class BatchPoolExecutor implements AsyncDisposable {
  readonly #options: BatchPoolExecutorOptions
  readonly #batch: PoolBatch
  readonly #queue: CallQueue
  /** Calls that have not ended. */
  readonly #open = new Set<PoolCall>()
  readonly #caller: Caller
  #end: Promise<void> | undefined

  /** @throws InvalidBatchError if an option is not possible */
  constructor(options: BatchPoolExecutorOptions = {}) {
    const jobOptions = readPoolOptions(options)
    const { name, backend, image } = options
    this.#options = options
    this.#caller = { batch: { name }, name, number: 1 }
    this.#batch = new PoolBatch({ name, backend, defaultFunctionImage: image }, jobOptions)
    this.#queue = new CallQueue((calls) => this.#batch.submit(calls))
  }

  /**
   * Calls a function in a job, and gives back at once what will have its value. The closure comes along as it is now.
   *
   * @example `const future = pool.submit(train, features, labels)`
   * @throws UnserializableFunctionError if something of the function or its arguments cannot come along
   * @throws InvalidBatchError if the executor has been shut down
   */
  submit<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...args: { [I in keyof A]: A[I] }
  ): BatchPoolFuture<Awaited<R>> {
    this.#checkOpen('submit')
    return this.#add<Awaited<R>>(new PoolCall(prepareCall(this.#caller, fn, args)))
  }

  /**
   * Calls a function for each item, and gives the values in the order of the items while later calls still run. Starts
   * at once; items are read a bounded way ahead (4,096, or 64 chunks), so that there may be millions. The first error ends it and cancels what
   * still runs, and so does leaving the loop.
   *
   * @example `for await (const total of pool.map((a, b) => a + b, zip(xs, ys), { chunkSize: 100 })) console.log(total)`
   * @throws UnserializableFunctionError if something of the function cannot come along
   * @throws InvalidBatchError if an option is not possible or the executor has been shut down; while reading, if zipped
   *   iterables differ in length
   * @throws JobFailedError, TimeoutError while reading
   */
  map<A extends unknown[], R>(
    fn: (...args: A) => R,
    items: Zip<A>,
    options?: MapOptions,
  ): AsyncIterableIterator<Awaited<R>>
  map<T, R>(fn: (item: T) => R, items: AnyIterable<T>, options?: MapOptions): AsyncIterableIterator<Awaited<R>>
  map(
    fn: (...args: never[]) => unknown,
    items: Zip<readonly unknown[]> | AnyIterable<unknown>,
    options: MapOptions = {},
    // The overloads say what the function returns.
  ): AsyncIterableIterator<never> {
    this.#checkOpen('map')
    const { chunkSize = 1, timeout } = options
    if (!Number.isSafeInteger(chunkSize) || chunkSize < 1)
      throw new InvalidBatchError({ message: `map: chunkSize is ${chunkSize}; write a whole number from 1 on.` })
    const run = new MapRun({ rows: rowsOf(items), chunkSize, timeout, submit: this.#callChunks(fn) })
    return run.values() as AsyncIterableIterator<never>
  }

  /**
   * Takes no more calls. Waits for those it has unless `wait` is false; raises none of their errors. Then its batch and
   * files are deleted, unless `cleanupBucket` is false.
   *
   * @example `await pool.shutdown({ wait: false })`
   */
  async shutdown(options: { wait?: boolean | undefined } = {}): Promise<void> {
    this.#end ??= this.#finish()
    if (options.wait !== false) await this.#end
  }

  /** `shutdown`, waiting as `waitOnExit` says. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown({ wait: this.#options.waitOnExit })
  }

  /** The calls of some rows as one call, so that they are one job. */
  #callChunks(fn: (...args: never[]) => unknown): MapPlan['submit'] {
    // Which arguments it takes, the overloads of `map` have checked.
    const call = fn as (...args: unknown[]) => unknown
    const callAll = async (rows: readonly unknown[][]) => {
      const values: unknown[] = []
      for (const row of rows) values.push(await call(...row))
      return values
    }
    const { function: captured } = captureFunction(this.#caller, callAll)
    const named = { name: nameOfFunction(fn), function: captured }
    return (rows) => {
      const future = this.#add<unknown[]>(new PoolCall(prepareArguments(this.#caller, named, [rows])))
      return { values: () => future.result(), cancel: () => future.cancel() }
    }
  }

  #add<T>(call: PoolCall): BatchPoolFuture<T> {
    this.#open.add(call)
    const close = () => void this.#open.delete(call)
    call.outcome.then(close, close)
    this.#queue.add(call)
    return new BatchPoolFuture<T>(call, (job) => this.#batch.cancel(job))
  }

  #checkOpen(method: string): void {
    if (this.#end === undefined) return
    const label = this.#options.name === undefined ? 'The executor' : `Executor '${this.#options.name}'`
    throw new InvalidBatchError({ message: `${label} has been shut down: ${method}() comes too late; make a new one.` })
  }

  async #finish(): Promise<void> {
    await Promise.allSettled([...this.#open].map((call) => call.outcome))
    await this.#queue.drained()
    this.#batch.close()
    // What is left behind costs little; that it could not be tidied away is no error of the calls.
    if (this.#options.cleanupBucket !== false) await this.#batch.delete().catch(() => undefined)
  }
}
