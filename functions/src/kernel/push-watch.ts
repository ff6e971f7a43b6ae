import type { Clock, Engine } from 'graupel/engine'

/** Pub/Sub waits 120 s for an answer, and the message itself has taken some of it. */
const longestStayMs = 90_000

/**
 * An instance has a processor only while a request is open:
 * https://cloud.google.com/run/docs/configuring/billing-settings (2026-11). So of the pushed messages the last one is
 * answered only when what they have set off is done: documents for people, callbacks, deletions. The next push takes over
 * at once, and workers' requests are never held up. What takes longer is kept going by the sweep's messages.
 */
export class PushWatch {
  readonly #engine: Pick<Engine, 'idle'>
  readonly #clock: Clock
  #working = 0
  #relieve: () => void = () => {}

  constructor({ engine, clock }: { readonly engine: Pick<Engine, 'idle'>; readonly clock: Clock }) {
    this.#engine = engine
    this.#clock = clock
  }

  /** Resolves or rejects as `work` does: at once while another push is being worked on, else when the engine is idle. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#relieve()
    this.#working++
    try {
      return await work()
    } finally {
      this.#working--
      if (this.#working === 0) await this.#stay()
    }
  }

  async #stay(): Promise<void> {
    const over = new AbortController()
    const relieved = new Promise<void>((resolve) => {
      this.#relieve = resolve
    })
    await Promise.race([relieved, this.#engine.idle(), this.#clock.sleep(longestStayMs, over.signal)])
    over.abort('answered')
  }
}
