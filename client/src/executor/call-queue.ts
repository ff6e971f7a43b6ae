import { setTimeout } from 'node:timers/promises'
import type { RunningBatch } from '../backends/running-batch.ts'
import type { PoolCall } from './pool-call.ts'

/** Calls made within this time go together. */
const lingerMs = 2
const maxCallsPerUpdate = 2048

/**
 * Submits calls as updates of one batch, one submission after the other: what comes while one is under way goes with the
 * next, so that thousands of calls are few updates.
 */
export class CallQueue {
  readonly #submit: (calls: readonly PoolCall[]) => Promise<RunningBatch>
  #waiting: PoolCall[] = []
  #submitting: Promise<void> | undefined

  /** @param submit makes the calls jobs, and tells each its number */
  constructor(submit: (calls: readonly PoolCall[]) => Promise<RunningBatch>) {
    this.#submit = submit
  }

  add(call: PoolCall): void {
    this.#waiting.push(call)
    this.#submitting ??= this.#submitAll()
  }

  /** Resolves when no call waits for its submission. */
  async drained(): Promise<void> {
    await this.#submitting
  }

  async #submitAll(): Promise<void> {
    await setTimeout(lingerMs)
    while (this.#waiting.length > 0) await this.#submitSome()
    this.#submitting = undefined
  }

  async #submitSome(): Promise<void> {
    // A call that was cancelled meanwhile never becomes a job.
    const calls = this.#waiting.splice(0, maxCallsPerUpdate).filter(({ state }) => state.kind === 'queued')
    if (calls.length === 0) return
    try {
      await this.#submit(calls)
    } catch (error) {
      for (const call of calls) call.fail(error)
    }
  }
}
