export interface Token {
  readonly token: string
  readonly expiresAt: Date
}

/** A token is had anew this long before it expires. Clients of Google want a new one up to four minutes before. */
const marginMs = 5 * 60_000
/** More than a machine has reason to ask for: what is asked for beyond costs the oldest its place. */
const maxTokens = 1000

interface Entry {
  readonly token: Promise<Token>
  /** Until then the token is given again; for ever while it is under way. */
  freshUntil: number
}

/** Tokens by what they are good for, each had once for all who ask while it is fresh. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>()

  get(key: string, make: () => Promise<Token>): Promise<Token> {
    const known = this.#entries.get(key)
    if (known !== undefined && known.freshUntil > Date.now()) return known.token
    const entry: Entry = { token: make(), freshUntil: Number.POSITIVE_INFINITY }
    this.#put(key, entry)
    entry.token.then(
      ({ expiresAt }) => {
        entry.freshUntil = expiresAt.getTime() - marginMs
      },
      () => this.#entries.delete(key),
    )
    return entry.token
  }

  #put(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > maxTokens && oldest !== undefined) this.#entries.delete(oldest)
  }
}
