import type { Clock } from '../../clock.ts'
import type { WarmRunner } from './warm-runner.ts'

export interface RunnerPoolOptions {
  readonly clock: Clock
  /** A runner without work is ended after so long, in ms. Default 5,000. */
  readonly idleMs?: number | undefined
  /** So many without work are kept. Default 16. */
  readonly maxIdle?: number | undefined
}

interface Idle {
  readonly runner: WarmRunner
  readonly key: string
  readonly taken: AbortController
}

/** Runners that wait for work. Those with the same key are alike: one batch's, started in the same environment. */
export class RunnerPool {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #maxIdle: number
  readonly #alive = new Set<WarmRunner>()
  /** Oldest first. */
  #idle: readonly Idle[] = []

  constructor({ clock, idleMs = 5000, maxIdle = 16 }: RunnerPoolOptions) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#maxIdle = maxIdle
  }

  /** The one that has worked last, so that the others can go. */
  take(key: string): WarmRunner | undefined {
    const found = this.#idle.findLast((idle) => idle.key === key)
    if (found !== undefined) this.#remove(found)
    return found?.runner
  }

  add(runner: WarmRunner): void {
    this.#alive.add(runner)
    void runner.exited.then(() => {
      this.#alive.delete(runner)
      const idle = this.#idle.find((other) => other.runner === runner)
      if (idle !== undefined) this.#remove(idle)
    })
  }

  giveBack(key: string, runner: WarmRunner): void {
    if (!this.#alive.has(runner)) return
    const idle: Idle = { runner, key, taken: new AbortController() }
    this.#idle = [...this.#idle, idle]
    const [oldest] = this.#idle
    if (this.#idle.length > this.#maxIdle && oldest !== undefined) this.#discard(oldest)
    void this.#clock.sleep(this.#idleMs, idle.taken.signal).then(() => {
      if (!idle.taken.signal.aborted) this.#discard(idle)
    })
  }

  killNow(): void {
    for (const runner of this.#alive) runner.kill()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#alive].map((runner) => runner.end()))
  }

  /** It has nothing under way, so nothing is lost. */
  #discard(idle: Idle): void {
    this.#remove(idle)
    idle.runner.kill()
  }

  #remove(idle: Idle): void {
    this.#idle = this.#idle.filter((other) => other !== idle)
    idle.taken.abort('taken')
  }
}
