import type { Clock, Task, TaskQueue } from '../ports.ts'
import { retryDelayMs } from './retry-delay.ts'

export type TaskHandler = (task: Task) => Promise<void>

/** As long as Cloud Tasks refuses a name after its task has gone. */
const nameKeptMs = 60 * 60 * 1000

/**
 * Tasks in this process: run at their time, again after a rejection, and each name once per hour.
 * @example
 * const tasks = new MemoryTaskQueue(backgroundClock, (task) => sweep(services, task))
 */
export class MemoryTaskQueue implements TaskQueue {
  readonly #clock: Clock
  readonly #handler: TaskHandler
  /** When each name may be used again. */
  readonly #names = new Map<string, number>()
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  #pruneAtSize = 1000

  constructor(clock: Clock, handler: TaskHandler) {
    this.#clock = clock
    this.#handler = handler
  }

  async enqueue(task: Task): Promise<'created' | 'exists'> {
    const key = `${task.queue}/${task.name}`
    if ((this.#names.get(key) ?? 0) > this.#clock.now()) return 'exists'
    this.#names.set(key, Number.POSITIVE_INFINITY)
    this.#pruneNames()
    const run = this.#run(structuredClone(task)).finally(() => {
      this.#names.set(key, this.#clock.now() + nameKeptMs)
      this.#underWay.delete(run)
    })
    this.#underWay.add(run)
    return 'created'
  }

  /** Drops the tasks that wait, and resolves when no handler runs. */
  async close(): Promise<void> {
    this.#closing.abort()
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  async #run(task: Task): Promise<void> {
    const { signal } = this.#closing
    await this.#clock.sleep(Math.max(0, task.at - this.#clock.now()), signal)
    for (let tries = 1; !signal.aborted; tries++) {
      if (await this.#hasHandled(task)) return
      await this.#clock.sleep(retryDelayMs(tries), signal)
    }
  }

  async #hasHandled(task: Task): Promise<boolean> {
    try {
      await this.#handler(structuredClone(task))
      return true
    } catch {
      return false
    }
  }

  #pruneNames(): void {
    if (this.#names.size < this.#pruneAtSize) return
    const now = this.#clock.now()
    for (const [key, freeAt] of this.#names) if (freeAt <= now) this.#names.delete(key)
    this.#pruneAtSize = Math.max(1000, this.#names.size * 2)
  }
}
