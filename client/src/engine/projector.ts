import type { EngineLog } from './engine.ts'
import type { Clock, Projection, Store } from './ports.ts'

/** How long documents are gathered before they are written together. */
const gatherMs = 200
/** A job that still moves is told of after this long: what is past by then is not written at all. */
const moveMs = 600
/** Above this the oldest are dropped: documents for people must never slow the batch down. */
const maxPending = 50_000
const maxPerRequest = 400

interface Pending {
  readonly projection: Projection
  readonly since: number
}

/** Writes job documents after the commits they tell of, in coalesced batches, off the hot path. */
export class Projector {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: EngineLog
  #pending = new Map<string, Pending>()
  #writing: Promise<void> | undefined
  readonly #closing = new AbortController()

  constructor(services: { readonly store: Store; readonly clock: Clock; readonly log: EngineLog }) {
    this.#store = services.store
    this.#clock = services.clock
    this.#log = services.log
  }

  add(projections: readonly Projection[]): void {
    const now = this.#clock.now()
    for (const projection of projections) {
      const earlier = this.#pending.get(projection.path)
      this.#pending.set(
        projection.path,
        earlier === undefined ? { projection, since: now } : merge(earlier, projection),
      )
    }
    this.#shed()
    if (this.#pending.size > 0 && this.#writing === undefined) this.#writing = this.#writeAll()
  }

  get isIdle(): boolean {
    return this.#writing === undefined
  }

  /** Resolves when everything is written that is pending now. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  /** Writes what is pending. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.idle()
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.size > 0) {
      await this.#clock.sleep(gatherMs, this.#closing.signal)
      await this.#write(this.#takeDue())
    }
    this.#writing = undefined
  }

  #takeDue(): Projection[] {
    const movedBefore = this.#closing.signal.aborted ? Number.POSITIVE_INFINITY : this.#clock.now() - moveMs
    const due: Projection[] = []
    for (const { projection, since } of this.#pending.values()) {
      if (due.length >= maxPerRequest) break
      if (projection.isFinal || since <= movedBefore) due.push(projection)
    }
    for (const { path } of due) this.#pending.delete(path)
    return due
  }

  async #write(projections: readonly Projection[]): Promise<void> {
    if (projections.length === 0) return
    try {
      await this.#store.project(projections)
    } catch (error) {
      this.#log.warn({ documents: projections.length, error: String(error) }, 'could not write job documents')
    }
  }

  #shed(): void {
    for (const path of this.#pending.keys()) {
      if (this.#pending.size <= maxPending) return
      this.#pending.delete(path)
    }
  }
}

/** The later state with every attempt that either tells of. */
function merge({ projection: earlier, since }: Pending, later: Projection): Pending {
  const attempts = { ...earlier.fields.attempts, ...later.fields.attempts }
  return { since, projection: { ...later, fields: { ...earlier.fields, ...later.fields, attempts } } }
}
