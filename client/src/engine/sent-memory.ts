/**
 * Which effects of one record are told, or being told, by this instance. Kept across reloads of the record: without it
 * two instances that reload each other's commits would echo for ever.
 */
export class SentMemory<R, F extends { readonly key: string }> {
  #known = new Set<string>()
  #unsaved: readonly F[] = []
  readonly #send: (effects: readonly F[], record: R) => Promise<void>

  constructor(send: (effects: readonly F[], record: R) => Promise<void>) {
    this.#send = send
  }

  /** Tells those that are not known; rejects if that failed, and then they are unknown again. */
  async tell(derived: readonly F[], record: R): Promise<void> {
    const fresh = derived.filter((effect) => !this.#known.has(effect.key))
    // A fact that no longer follows from the record needs no remembering.
    this.#known = new Set(derived.map((effect) => effect.key))
    if (fresh.length === 0) return
    try {
      await this.#send(fresh, record)
      this.#unsaved = [...this.#unsaved, ...fresh]
    } catch (error) {
      for (const effect of fresh) this.#known.delete(effect.key)
      throw error
    }
  }

  /** What has been told and is not stored yet: to go with the next commit. */
  get unsaved(): readonly F[] {
    return this.#unsaved
  }

  /** A commit that stored these has succeeded. */
  saved(effects: readonly F[]): void {
    this.#unsaved = this.#unsaved.filter((effect) => !effects.includes(effect))
  }

  /** Someone misses what was sent: all of it is to be told again. */
  forget(): void {
    this.#known.clear()
    this.#unsaved = []
  }
}
