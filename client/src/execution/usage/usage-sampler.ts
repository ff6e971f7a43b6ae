import type { Clock } from '../clock.ts'
import type { UsageProbe, UsageReading } from './usage-reading.ts'

/** Shorter attempts are not looked at. */
const firstMs = 1000
/** Between two looks at one attempt: a tenth of its age. */
const shortestMs = 1000
const longestMs = 5000
/** How often the sampler sees whether it is time. */
const tickMs = 500

interface Watched {
  readonly probe: UsageProbe
  readonly onReading: (at: number, reading: UsageReading) => void
  readonly since: number
  dueAt: number
}

/** Looks at what the attempts of one worker use: at all that are due at one time, so that they share what a look costs. */
export class UsageSampler {
  readonly #clock: Clock
  readonly #watched = new Set<Watched>()
  readonly #closed = new AbortController()
  #running: Promise<void> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns what ends it. */
  watch(probe: UsageProbe, onReading: Watched['onReading']): () => void {
    const since = this.#clock.now()
    const watched: Watched = { probe, onReading, since, dueAt: since + firstMs }
    this.#watched.add(watched)
    this.#running ??= this.#run()
    return () => void this.#watched.delete(watched)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#watched.size > 0 && !this.#closed.signal.aborted) {
      await this.#clock.sleep(tickMs, this.#closed.signal)
      const now = this.#clock.now()
      const due = [...this.#watched].filter(({ dueAt }) => dueAt <= now)
      await Promise.all(due.map((watched) => this.#look(watched)))
    }
    this.#running = undefined
  }

  async #look(watched: Watched): Promise<void> {
    const reading = await watched.probe().catch(() => undefined)
    const now = this.#clock.now()
    watched.dueAt = now + Math.min(longestMs, Math.max(shortestMs, (now - watched.since) / 10))
    if (reading !== undefined && this.#watched.has(watched)) watched.onReading(now, reading)
  }
}
