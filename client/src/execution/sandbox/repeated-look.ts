import { performance } from 'node:perf_hooks'
import type { Clock } from '../clock.ts'

export interface RepeatedLookOptions<T> {
  readonly clock: Clock
  /** At least so long between two looks. */
  readonly pauseMs: number
  /** Looks at all items once. What it throws is forgotten: the next look comes anyway. */
  readonly look: (items: readonly T[]) => Promise<void>
}

/** A look takes no more than this part of the time, however much there is to see. */
const mostOfTime = 1 / 50

/** Looks at items again and again, as long as there are any. */
export class RepeatedLook<T> {
  readonly #options: RepeatedLookOptions<T>
  readonly #items = new Set<T>()
  #idle = new AbortController()

  constructor(options: RepeatedLookOptions<T>) {
    this.#options = options
  }

  /** @returns ends it for this item */
  add(item: T): () => void {
    this.#items.add(item)
    if (this.#items.size === 1) {
      this.#idle = new AbortController()
      void this.#lookUntil(this.#idle.signal)
    }
    return () => {
      if (this.#items.delete(item) && this.#items.size === 0) this.#idle.abort('nothing to look at')
    }
  }

  async #lookUntil(idle: AbortSignal): Promise<void> {
    const { clock, look, pauseMs } = this.#options
    for (let lastMs = 0; ; ) {
      await clock.sleep(Math.max(pauseMs, lastMs / mostOfTime), idle)
      if (idle.aborted) return
      const begun = performance.now()
      await look([...this.#items]).catch(() => undefined)
      lastMs = performance.now() - begun
    }
  }
}
