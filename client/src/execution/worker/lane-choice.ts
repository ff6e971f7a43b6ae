import type { WorkerTiming } from './worker-options.ts'

export interface Turn {
  readonly lane: number
  /** 0: only ask. */
  readonly waitMs: number
  /** The lane does not want to be asked before so long. */
  readonly pauseMs: number
  /** All other lanes have just said that they have nothing. */
  readonly isLast: boolean
}

/**
 * Which lane to ask next. After an empty answer the others are asked at once, then one is waited at: first where there
 * was work last, then one after the other, each time longer, so that no lane with work is left alone for long.
 */
export class LaneChoice {
  readonly #lanes: number
  readonly #timing: WorkerTiming
  readonly #notBefore = new Map<number, number>()
  #first = 0
  /** Lanes of this round that had nothing. */
  #asked = 0
  #waitLane = 0
  #waitMs: number

  constructor(lanes: number, timing: WorkerTiming, first: number) {
    this.#lanes = lanes
    this.#timing = timing
    this.#first = first
    this.#waitLane = first
    this.#waitMs = this.#firstWaitMs
  }

  next(now: number): Turn {
    while (this.#asked < this.#lanes && this.#lanes > 1) {
      const lane = (this.#first + this.#asked) % this.#lanes
      if (this.#pauseMs(lane, now) === 0) return { lane, waitMs: 0, pauseMs: 0, isLast: false }
      this.#asked++
    }
    const lane = this.#waitLane
    return { lane, waitMs: this.#waitMs, pauseMs: this.#pauseMs(lane, now), isLast: true }
  }

  foundWork(lane: number): void {
    this.#first = lane
    this.#waitLane = lane
    this.#startRound()
  }

  foundNothing({ lane, isLast }: Turn, notBefore: number): void {
    this.#notBefore.set(lane, notBefore)
    if (!isLast) {
      this.#asked++
      return
    }
    this.#first = lane
    this.#asked = 1
    this.#waitLane = (lane + 1) % this.#lanes
    this.#waitMs = Math.min(this.#waitMs * 2, this.#timing.longestWaitMs)
  }

  /** The worker has more room than the lanes were told of. */
  haveMoreRoom(): void {
    this.#waitMs = this.#firstWaitMs
  }

  /** A lane that does not answer is passed over. */
  failed(lane: number): void {
    this.#first = (lane + 1) % this.#lanes
    this.#waitLane = this.#first
    this.#startRound()
  }

  #startRound(): void {
    this.#asked = 0
    this.#waitMs = this.#firstWaitMs
  }

  /** With one lane there is no other to miss work at. */
  get #firstWaitMs(): number {
    return this.#lanes === 1 ? this.#timing.longestWaitMs : this.#timing.firstWaitMs
  }

  #pauseMs(lane: number, now: number): number {
    return Math.max(0, (this.#notBefore.get(lane) ?? 0) - now)
  }
}
