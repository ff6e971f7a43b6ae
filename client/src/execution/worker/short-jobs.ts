/** How much the newest job weighs in the average. */
const weight = 0.2

/** Watches whether recent jobs were so short that the worker would idle between them while it asks for more. */
export class ShortJobs {
  readonly #limitMs: number
  #averageMs: number | undefined

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  add(durationMs: number): void {
    this.#averageMs ??= durationMs
    this.#averageMs += (durationMs - this.#averageMs) * weight
  }

  get areUsual(): boolean {
    return this.#averageMs !== undefined && this.#averageMs <= this.#limitMs
  }
}
