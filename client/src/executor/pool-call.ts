import type { PreparedCall } from '../dsl/function-call.ts'
import { CancelledError } from '../errors/cancelled-error.ts'

/** Where a call is: waiting to be submitted, a job with a number, or over. */
export type CallState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'submitted'; readonly job: number }
  | { readonly kind: 'settled'; readonly isCancelled: boolean }

/** One call from its submission to its value. */
export class PoolCall {
  readonly prepared: PreparedCall
  #state: CallState = { kind: 'queued' }
  readonly #outcome = Promise.withResolvers<unknown>()

  constructor(prepared: PreparedCall) {
    this.prepared = prepared
    // Nobody need ask: an error that nobody awaits is no error of the program.
    this.#outcome.promise.catch(() => undefined)
  }

  get state(): CallState {
    return this.#state
  }

  /** The function's value, or why there is none. */
  get outcome(): Promise<unknown> {
    return this.#outcome.promise
  }

  submitted(job: number): void {
    if (this.#state.kind === 'queued') this.#state = { kind: 'submitted', job }
  }

  succeed(value: unknown): void {
    if (this.#settle(false)) this.#outcome.resolve(value)
  }

  fail(error: unknown): void {
    if (this.#settle(error instanceof CancelledError)) this.#outcome.reject(error)
  }

  #settle(isCancelled: boolean): boolean {
    if (this.#state.kind === 'settled') return false
    this.#state = { kind: 'settled', isCancelled }
    return true
  }
}
