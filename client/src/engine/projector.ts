import type { EngineLog } from './engine.ts'
import type { Clock, Projection, Store } from './ports.ts'

/** How long moves of a job are gathered before they are written: what is already past is not written at all. */
const gatherMs = 200
/** Above this the oldest are dropped: documents for people must never slow the batch down. */
const maxPending = 50_000
const maxPerRequest = 400

/** Writes job documents after the commits they tell of, in coalesced batches, off the hot path. */
export class Projector {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: EngineLog
  #pending = new Map<string, Projection>()
  #writing: Promise<void> | undefined
  readonly #closing = new AbortController()

  constructor(services: { readonly store: Store; readonly clock: Clock; readonly log: EngineLog }) {
    this.#store = services.store
    this.#clock = services.clock
    this.#log = services.log
  }

  add(projections: readonly Projection[]): void {
    for (const projection of projections) {
      const earlier = this.#pending.get(projection.path)
      this.#pending.set(projection.path, earlier === undefined ? projection : merge(earlier, projection))
    }
    this.#shed()
    if (this.#pending.size > 0 && this.#writing === undefined) this.#writing = this.#writeAll()
  }

  /** Writes what is pending. */
  async close(): Promise<void> {
    this.#closing.abort()
    while (this.#writing !== undefined) await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.size > 0) {
      await this.#clock.sleep(gatherMs, this.#closing.signal)
      const taken = [...this.#pending.values()].slice(0, maxPerRequest)
      for (const projection of taken) this.#pending.delete(projection.path)
      try {
        await this.#store.project(taken)
      } catch (error) {
        this.#log.warn({ documents: taken.length, error: String(error) }, 'could not write job documents')
      }
    }
    this.#writing = undefined
  }

  #shed(): void {
    for (const path of this.#pending.keys()) {
      if (this.#pending.size <= maxPending) return
      this.#pending.delete(path)
    }
  }
}

/** The later state with every attempt that either tells of. */
function merge(earlier: Projection, later: Projection): Projection {
  const attempts = { ...earlier.fields.attempts, ...later.fields.attempts }
  return { ...later, fields: { ...earlier.fields, ...later.fields, attempts } }
}
