import type { Duration } from '../dsl/amounts.ts'
import { BatchError } from '../errors/batch-error.ts'
import { CancelledError } from '../errors/cancelled-error.ts'
import { ServiceError } from '../errors/service-error.ts'
import { withinTime } from './deadline.ts'
import type { PoolCall } from './pool-call.ts'

/**
 * A call that an executor has taken: its value, some time later. Can be awaited. Never raises an error that nobody asks
 * for.
 *
 * @example
 * ```ts
 * import { BatchPoolExecutor } from 'graupel'
 *
 * await using pool = new BatchPoolExecutor()
 * const future = pool.submit((x: number) => x + 1, 41)
 * console.log(await future) // 42
 * ```
 */
export class BatchPoolFuture<out T> implements PromiseLike<T> {
  readonly #call: PoolCall
  readonly #cancelJob: (job: number) => Promise<void>

  /** @param cancelJob tells the call's job to stop */
  constructor(call: PoolCall, cancelJob: (job: number) => Promise<void>) {
    this.#call = call
    this.#cancelJob = cancelJob
  }

  /** Cancels the call; resolves when that is recorded, with whether it had not ended before. */
  async cancel(): Promise<boolean> {
    const { state, prepared } = this.#call
    if (state.kind === 'settled') return false
    this.#call.fail(new CancelledError({ message: `The call of '${prepared.name}' was cancelled`, job: prepared.name }))
    if (state.kind === 'submitted') await this.#cancelJob(state.job)
    return true
  }

  /** Whether it was cancelled, as far as is known. */
  cancelled(): boolean {
    const { state } = this.#call
    return state.kind === 'settled' && state.isCancelled
  }

  /** Whether it has ended, in whatever way, as far as is known. */
  done(): boolean {
    return this.#call.state.kind === 'settled'
  }

  /** Whether it is submitted and has not ended, as far as is known. */
  running(): boolean {
    return this.#call.state.kind === 'submitted'
  }

  /**
   * The value.
   *
   * @param timeout how long to wait; default: no limit
   * @throws JobFailedError with the remote error's text if the function threw, or its job failed otherwise
   * @throws CancelledError if it was cancelled
   * @throws TimeoutError if it has not ended in time; it goes on, and may be asked for again
   */
  async result(timeout?: Duration): Promise<T> {
    // The call is of a function that returns a `T`.
    return (await withinTime(this.#call.outcome, timeout, `The call of '${this.#call.prepared.name}'`)) as T
  }

  /**
   * Why there is no value; `undefined` if there is one.
   *
   * @param timeout how long to wait; default: no limit
   * @throws TimeoutError if it has not ended in time
   */
  async exception(timeout?: Duration): Promise<BatchError | undefined> {
    const failure = this.#call.outcome.then(
      () => undefined,
      (error: unknown) => toBatchError(error),
    )
    return withinTime(failure, timeout, `The call of '${this.#call.prepared.name}'`)
  }

  // biome-ignore lint/suspicious/noThenProperty: a future is awaited like a promise.
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result().then(onValue, onError)
  }
}

const toBatchError = (error: unknown): BatchError =>
  error instanceof BatchError ? error : new ServiceError({ message: String(error), cause: error })
