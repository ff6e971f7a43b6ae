import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LaneMessage } from '../../model/index.ts'
import type { Clock, EventBus } from '../ports.ts'
import { retryDelayMs } from './retry-delay.ts'
import { backgroundClock } from './system-clock.ts'

export type LaneHandler = (message: LaneMessage) => Promise<void>

/**
 * Messages by lane in this process. A message stays until its handler has resolved; after a rejection it comes again,
 * 100 ms later and then ever more rarely. What is published before a handler is attached waits for it.
 * @example
 * const bus = new MemoryEventBus()
 * bus.attach(0, (message) => engine.deliver(message))
 */
export class MemoryEventBus implements EventBus {
  readonly #clock: Clock
  readonly #handlers = new Map<number, LaneHandler>()
  readonly #waiting = new Map<number, LaneMessage[]>()
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()

  /** @param clock what delays are measured by. Default: a clock whose delays do not keep the program alive. */
  constructor(clock: Clock = backgroundClock) {
    this.#clock = clock
  }

  attach(lane: number, handler: LaneHandler): void {
    this.#handlers.set(lane, handler)
    for (const message of this.#waiting.get(lane) ?? []) this.#start(lane, message)
    this.#waiting.delete(lane)
  }

  async publish(lane: number, message: LaneMessage): Promise<void> {
    this.#start(lane, structuredClone(message))
  }

  /** Resolves when every message published so far, and what they set off, has been handled. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  /** Delivers nothing more, and resolves when no handler runs. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.idle()
  }

  #start(lane: number, message: LaneMessage): void {
    if (this.#closing.signal.aborted) return
    const handler = this.#handlers.get(lane)
    if (handler === undefined) {
      const waiting = this.#waiting.get(lane)
      if (waiting === undefined) this.#waiting.set(lane, [message])
      else waiting.push(message)
      return
    }
    const delivery = this.#deliver(lane, message)
    this.#underWay.add(delivery)
    void delivery.finally(() => this.#underWay.delete(delivery))
  }

  async #deliver(lane: number, message: LaneMessage): Promise<void> {
    await nextTurn()
    for (let tries = 1; !this.#closing.signal.aborted; tries++) {
      if (await hasHandled(this.#handlers.get(lane), message)) return
      await this.#clock.sleep(retryDelayMs(tries), this.#closing.signal)
    }
  }
}

async function hasHandled(handler: LaneHandler | undefined, message: LaneMessage): Promise<boolean> {
  try {
    await handler?.(message)
    return handler !== undefined
  } catch {
    return false
  }
}
