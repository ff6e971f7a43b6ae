import { setTimeout } from 'node:timers/promises'
import type { Projection, Query, Revision, Store, StoredDocument, Write } from '../engine/ports.ts'

/** What does not answer by then is given up. */
const graceMs = 10_000

/**
 * A store that ends in good order: calls under way are answered first, later ones are refused. The client of Firestore
 * itself never answers a call that meets its end, and raises an error that nobody can catch.
 */
export class ClosableStore implements Store {
  readonly #store: Store
  readonly #refusal: () => Error
  readonly #underWay = new Set<Promise<unknown>>()
  #isClosed = false

  /** @param refusal what calls meet that come too late */
  constructor(store: Store, refusal: () => Error) {
    this.#store = store
    this.#refusal = refusal
  }

  read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return this.#call(() => this.#store.read(paths))
  }

  commit(writes: readonly Write[]): Promise<Revision[]> {
    return this.#call(() => this.#store.commit(writes))
  }

  query(query: Query): Promise<StoredDocument[]> {
    return this.#call(() => this.#store.query(query))
  }

  project(projections: readonly Projection[]): Promise<void> {
    return this.#call(() => this.#store.project(projections))
  }

  /** Resolves when no call is under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#underWay.size === 0) return
    const answered = new AbortController()
    const grace = setTimeout(graceMs, undefined, { signal: answered.signal }).catch(() => undefined)
    await Promise.race([Promise.allSettled(this.#underWay), grace])
    answered.abort()
  }

  async #call<T>(act: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw this.#refusal()
    const call = act()
    this.#underWay.add(call)
    try {
      return await call
    } finally {
      this.#underWay.delete(call)
    }
  }
}
