import type { Sent } from './sent-memory.ts'

/** A few keys each; beyond this the oldest go, and what they told may be told once more. */
const maxKept = 20_000

/**
 * What was told of records that are no longer in memory. Without it, two shards of which only one fits in memory would
 * ask and answer each other for ever.
 */
export class SentOfDropped<F> {
  readonly #byPath = new Map<string, Sent<F>>()

  keep(path: string, sent: Sent<F>): void {
    if (sent.known.size === 0 && sent.unsaved.length === 0) return
    this.#byPath.set(path, sent)
    const [oldest] = this.#byPath.keys()
    if (this.#byPath.size > maxKept && oldest !== undefined) this.#byPath.delete(oldest)
  }

  take(path: string): Sent<F> | undefined {
    const sent = this.#byPath.get(path)
    this.#byPath.delete(path)
    return sent
  }
}
