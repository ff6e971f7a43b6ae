import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BatchId } from '../../model/index.ts'
import { waitForEnd } from '../running/wait-for-end.ts'
import { KeepAlive } from './keep-alive.ts'
import type { LocalHome } from './local-home.ts'

/** Follows every batch of a home to its end: keeps the program alive until then, and tidies up after it. */
export class LocalRuns {
  readonly #home: LocalHome
  readonly #keepAlive = new KeepAlive()
  /** How many submissions of a batch are under way: their files must not be swept away with those of an ended run. */
  readonly #submitting = new Map<BatchId, number>()
  readonly #tidying = new Map<BatchId, Promise<void>>()
  readonly #ends = new Map<BatchId, Promise<void>>()

  constructor(home: LocalHome) {
    this.#home = home
  }

  /** While `submit` writes, nothing of the batch is tidied. */
  async hold<T>(batch: BatchId, submit: () => Promise<T>): Promise<T> {
    this.#submitting.set(batch, (this.#submitting.get(batch) ?? 0) + 1)
    const release = this.#keepAlive.hold()
    try {
      await this.#tidying.get(batch)
      return await submit()
    } finally {
      release()
      this.#letGo(batch)
    }
  }

  /** Until the batch has ended, the program lives. */
  follow(batch: BatchId): void {
    const before = this.#ends.get(batch) ?? Promise.resolve()
    const release = this.#keepAlive.hold()
    const end = before.then(() => this.#follow(batch)).finally(release)
    this.#ends.set(batch, end)
  }

  /** Resolves when all that was followed of the batch has ended and is tidied up. */
  async settled(batch: BatchId): Promise<void> {
    await this.#ends.get(batch)
  }

  async allSettled(): Promise<void> {
    await Promise.all(this.#ends.values())
  }

  #letGo(batch: BatchId): void {
    const left = (this.#submitting.get(batch) ?? 1) - 1
    if (left === 0) this.#submitting.delete(batch)
    else this.#submitting.set(batch, left)
  }

  async #follow(batch: BatchId): Promise<void> {
    try {
      await waitForEnd(this.#home, batch)
    } catch {
      // Deleted meanwhile: nothing is left to tidy.
      return
    }
    if (this.#submitting.has(batch) || this.#home.isKept(batch)) return
    const tidying = rm(join(this.#home.folderOf(batch), 'files'), { recursive: true, force: true })
    this.#tidying.set(batch, tidying)
    await tidying.finally(() => this.#tidying.delete(batch))
  }
}
