import { tooManyRequests } from './compute-error.ts'
import { rates } from './world-settings.ts'

/** Refuses what comes faster than Compute Engine takes it, and remembers the busiest minute of each kind of call. */
export class CallRates {
  readonly #now: () => number
  readonly #calls = new Map<string, number[]>()
  readonly busiestMinute = new Map<string, number>()
  refused = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws ComputeError 429 */
  count(kind: 'bulkInsert' | 'delete' | 'list' | 'get'): void {
    const now = this.#now()
    const lately = (this.#calls.get(kind) ?? []).filter((at) => now - at < 60_000)
    lately.push(now)
    this.#calls.set(kind, lately)
    this.busiestMinute.set(kind, Math.max(this.busiestMinute.get(kind) ?? 0, lately.length))
    const inSecond = lately.filter((at) => now - at < 1000).length
    const isTooFast = kind === 'bulkInsert' && inSecond > rates.bulkPerSecond
    if (!isTooFast && lately.length <= rates.callsPerMinute) return
    this.refused += 1
    throw tooManyRequests(`${kind} ${lately.length} times in a minute`)
  }
}
