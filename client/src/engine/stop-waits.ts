import type { StopsReply, StopsRequest, WorkerId } from '../model/index.ts'
import type { EngineServices } from './engine.ts'
import type { StopOrders } from './stop-orders.ts'

/** One that finds no place comes again after this; until then it is told with its renewal. */
const retryAfterMs = 60_000

/**
 * Workers that wait for orders to stop. Nothing is read, written or promised here: an order that is lost on its way comes
 * again with the worker's next renewal.
 */
export class StopWaits {
  readonly #services: Pick<EngineServices, 'clock' | 'maxListening'>
  readonly #orders: StopOrders
  readonly #waiting = new Map<WorkerId, AbortController>()
  #isClosed = false

  constructor(services: Pick<EngineServices, 'clock' | 'maxListening'>, orders: StopOrders) {
    this.#services = services
    this.#orders = orders
  }

  /** @throws Error if `signal` is aborted: then nobody waits, and what there is to tell is kept for the next request */
  async wait({ worker, waitMs }: StopsRequest, signal?: AbortSignal): Promise<StopsReply> {
    // A worker that asks again has given up its request before.
    this.#waiting.get(worker)?.abort('asked again')
    const isRefused = this.#isClosed || this.#waiting.size >= this.#services.maxListening
    if (!isRefused && !this.#orders.has(worker)) await this.#untilTold(worker, waitMs, signal)
    if (signal?.aborted === true) throw new Error(`worker ${worker} no longer waits`)
    return { stops: [...this.#orders.take(worker)], retryAfterMs: isRefused ? retryAfterMs : 0 }
  }

  /** Ends the worker's wait. False: it does not wait here. */
  tell(worker: WorkerId): boolean {
    const waiting = this.#waiting.get(worker)
    waiting?.abort('told')
    return waiting !== undefined
  }

  close(): void {
    this.#isClosed = true
    for (const waiting of this.#waiting.values()) waiting.abort('closing')
  }

  async #untilTold(worker: WorkerId, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const waiting = new AbortController()
    this.#waiting.set(worker, waiting)
    signal?.addEventListener('abort', () => waiting.abort('gone'), { once: true, signal: waiting.signal })
    await this.#services.clock.sleep(waitMs, waiting.signal)
    waiting.abort('over')
    if (this.#waiting.get(worker) === waiting) this.#waiting.delete(worker)
  }
}
