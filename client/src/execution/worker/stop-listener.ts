import type { AttemptRef, StopsReply } from '../../model/index.ts'
import type { AttemptRunner } from './attempt-runner.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import type { WorkerParts } from './worker-parts.ts'

/** After a request that failed; what is missed meanwhile comes with the next renewal. */
const pauseAfterFailureMs = 10_000

/**
 * Hears of orders to stop as they are given: keeps one request open at each lane of which it holds attempts that last.
 * Requests for work are answered with orders too, but a worker that is full asks for none, and one that is not waits at one
 * lane only. Without this it would hear with its renewal, up to a minute later.
 */
export class StopListener {
  readonly #parts: WorkerParts
  readonly #runner: AttemptRunner
  readonly #keeper: LeaseKeeper
  readonly #lanes = new Set<number>()

  constructor(parts: WorkerParts, runner: AttemptRunner, keeper: LeaseKeeper) {
    this.#parts = parts
    this.#runner = runner
    this.#keeper = keeper
  }

  async run(): Promise<void> {
    const { holdings, stopping, wake } = this.#parts
    while (!stopping.signal.aborted) {
      for (const lane of holdings.lanes()) if (!this.#lanes.has(lane)) void this.#attend(lane)
      await wake.changed()
    }
  }

  /** While the worker holds anything of this lane. */
  async #attend(lane: number): Promise<void> {
    const { holdings, stopping } = this.#parts
    this.#lanes.add(lane)
    while (!stopping.signal.aborted && holdings.lanes().has(lane))
      if (await this.#isLasting(lane)) await this.#listen(lane)
    this.#lanes.delete(lane)
  }

  /** Most jobs are so short that nobody could stop them: they cost no request. */
  async #isLasting(lane: number): Promise<boolean> {
    const { holdings, options, stopping, timing } = this.#parts
    const held = holdings.ofLane(lane)
    await options.clock.sleep(timing.startedDelayMs, stopping.signal)
    return !stopping.signal.aborted && held.some((ref) => holdings.find(ref) !== undefined)
  }

  /** Asks again at once after an order: others may follow it. */
  async #listen(lane: number): Promise<void> {
    const { options, stopping } = this.#parts
    let reply = await this.#ask(lane)
    while (reply.stops.length > 0) {
      for (const ref of reply.stops) this.#obey(ref)
      reply = await this.#ask(lane)
    }
    await options.clock.sleep(reply.retryAfterMs, stopping.signal)
  }

  async #ask(lane: number): Promise<StopsReply> {
    const { options, stopping, timing } = this.#parts
    const { signal } = stopping
    try {
      return await options.service.awaitStops(lane, { worker: options.id, waitMs: timing.listenMs }, signal)
    } catch (error) {
      if (!signal.aborted) options.log?.warn({ lane, error }, 'a request for orders failed')
      return { stops: [], retryAfterMs: pauseAfterFailureMs }
    }
  }

  /** What is not held has ended, or is on its way here: then the renewal brings the order again. */
  #obey(ref: AttemptRef): void {
    if (this.#parts.holdings.find(ref) === undefined) this.#keeper.renewSoon()
    else this.#runner.stop(ref, { kind: 'stopped' })
  }
}
