import type { Clock } from 'graupel/engine'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** Time passes only when told. */
export class StoppedClock implements Clock {
  #now = Date.UTC(2026, 0, 1)
  readonly #sleepers = new Set<Sleeper>()

  get sleepers(): number {
    return this.#sleepers.size
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + ms, wake }
      const sleepers = this.#sleepers
      function wake() {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', wake)
    })
  }

  advance(ms: number): void {
    this.#now += ms
    for (const { until, wake } of [...this.#sleepers]) if (until <= this.#now) wake()
  }
}
