import type { ObjectInfo } from '../../storage/index.ts'
import type { Clock } from '../clock.ts'

/** A follower writes its mark anew three times in this time: engine/logs/follow-log.ts. */
const markLastsMs = 60_000

/**
 * Whether somebody follows an attempt's log, by the mark that followers leave beside it. The mark counts for a while since
 * it was seen to change: its writer's clock may be wrong.
 */
export class Followers {
  readonly #readMark: () => Promise<ObjectInfo | undefined>
  readonly #clock: Clock
  #generation: string | undefined
  #changedAt = Number.NEGATIVE_INFINITY

  constructor(readMark: () => Promise<ObjectInfo | undefined>, clock: Clock) {
    this.#readMark = readMark
    this.#clock = clock
  }

  /** A mark that cannot be looked at is one that is not there. */
  async areThere(): Promise<boolean> {
    const generation = (await this.#readMark().catch(() => undefined))?.generation
    if (generation === undefined) return false
    if (generation !== this.#generation) this.#changedAt = this.#clock.now()
    this.#generation = generation
    return this.#clock.now() - this.#changedAt < markLastsMs
  }
}
