import type { WorkerParts } from './worker-parts.ts'

/** Knows since when the worker has had nothing to do. */
export class IdleWatch {
  readonly #parts: WorkerParts
  #idleSince: number

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#idleSince = parts.options.clock.now()
  }

  /** To be called whenever work has come or gone. */
  note(): void {
    if (this.#parts.holdings.jobs > 0) this.#idleSince = this.#parts.options.clock.now()
  }

  /** How long it may still stay, in ms; ends that nobody has confirmed keep it for one more idle time. */
  leftMs(): number {
    this.note()
    const { options, outbox, timing } = this.#parts
    const allowedMs = outbox.unconfirmedEnds === 0 ? timing.idleMs : timing.idleMs * 2
    return Math.max(0, this.#idleSince + allowedMs - options.clock.now())
  }
}
