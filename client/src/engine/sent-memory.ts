/** What is known of one record's effects; kept when the record itself is dropped from memory. */
export interface Sent<F> {
  /** Keys of those that are told, or being told. */
  known: Set<string>
  /** Told, and not stored yet: to go with the next commit. */
  unsaved: readonly F[]
}

export const nothingSent = <F>(): Sent<F> => ({ known: new Set(), unsaved: [] })

/**
 * Which effects of one record are told, or being told, by this instance. Kept across reloads of the record: without it
 * two instances that reload each other's commits would echo for ever.
 */
export class SentMemory<R, F extends { readonly key: string }> {
  readonly sent: Sent<F>
  readonly #send: (effects: readonly F[], record: R) => Promise<void>

  constructor(send: (effects: readonly F[], record: R) => Promise<void>, sent: Sent<F> = nothingSent()) {
    this.#send = send
    this.sent = sent
  }

  /** Tells those that are not known; rejects if that failed, and then they are unknown again. */
  async tell(derived: readonly F[], record: R): Promise<void> {
    const { sent } = this
    const fresh = derived.filter((effect) => !sent.known.has(effect.key))
    // A fact that no longer follows from the record needs no remembering.
    sent.known = new Set(derived.map((effect) => effect.key))
    if (fresh.length === 0) return
    try {
      await this.#send(fresh, record)
      sent.unsaved = [...sent.unsaved, ...fresh]
    } catch (error) {
      for (const effect of fresh) sent.known.delete(effect.key)
      throw error
    }
  }

  /** What has been told and is not stored yet: to go with the next commit. */
  get unsaved(): readonly F[] {
    return this.sent.unsaved
  }

  /** A commit that stored these has succeeded. */
  saved(effects: readonly F[]): void {
    this.sent.unsaved = this.sent.unsaved.filter((effect) => !effects.includes(effect))
  }

  /** Someone misses what was sent: all of it, or what has a key that begins so, is to be told again. */
  forget(prefix = ''): void {
    const { sent } = this
    sent.known = new Set([...sent.known].filter((key) => !key.startsWith(prefix)))
    sent.unsaved = sent.unsaved.filter((effect) => !effect.key.startsWith(prefix))
  }
}
