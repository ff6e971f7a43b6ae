import { readFileSync } from 'node:fs'
import { setTimeout as sleepFor } from 'node:timers/promises'

/** Time, as everything here sees it: a simulation plugs its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Milliseconds since any fixed point, on a clock that is never set and counts the machine's sleep. Default: `now`. */
  monotonicMs?(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  },
  monotonicMs: sinceBootMs,
}

/** Linux counts suspended time in /proc/uptime alone; `performance.now()` stands still while the machine sleeps. */
function sinceBootMs(): number {
  try {
    return Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000
  } catch {
    return Date.now()
  }
}
