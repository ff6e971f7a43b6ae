/** Limits how often something happens: so many at once after a rest, and a steady rate from then on. */
export class TokenBucket {
  #tokens: number
  #refilledAt: number

  constructor(burst: number, now: number) {
    this.#tokens = burst
    this.#refilledAt = now
  }

  /** Takes one, or says in how many milliseconds there will be one. */
  take(now: number, ratePerSecond: number, burst: number): 'taken' | number {
    const gained = ((now - this.#refilledAt) / 1000) * ratePerSecond
    this.#tokens = Math.min(burst, this.#tokens + Math.max(0, gained))
    this.#refilledAt = now
    // A rounding error must not cost a whole waiting round.
    if (this.#tokens < 1 - 1e-9) return ((1 - this.#tokens) / ratePerSecond) * 1000
    this.#tokens -= 1
    return 'taken'
  }
}
