import type { Duration } from '../dsl/amounts.ts'
import { type Deadline, startDeadline } from './deadline.ts'

/** Items that are read ahead of the results, and the least number of jobs that these are. */
const maxItemsAhead = 4096
const leastJobsAhead = 64

/** The calls of some rows. No future itself: whoever awaits one gets its value. */
export interface MapChunk {
  values(): Promise<readonly unknown[]>
  cancel(): Promise<unknown>
}

export interface MapPlan {
  readonly rows: AsyncIterable<unknown[]>
  readonly chunkSize: number
  readonly timeout: Duration | undefined
  /** Submits the calls of some rows as one job. */
  readonly submit: (rows: readonly unknown[][]) => MapChunk
}

/** One `map`: reads items a bounded way ahead, and hands out the values in order while later calls still run. */
export class MapRun {
  readonly #plan: MapPlan
  readonly #deadline: Deadline
  readonly #ahead: MapChunk[] = []
  readonly #maxAhead: number
  #hasRoom = Promise.withResolvers<void>()
  #hasNews = Promise.withResolvers<void>()
  #reading: 'on' | 'ended' | { readonly error: unknown } = 'on'
  #isStopped = false

  /** Starts at once. @throws InvalidBatchError if the timeout is no duration */
  constructor(plan: MapPlan) {
    this.#plan = plan
    // Also when nobody asks for a value: what takes too long is cancelled.
    this.#deadline = startDeadline(plan.timeout, 'map', () => void this.#stop())
    this.#maxAhead = Math.max(leastJobsAhead, Math.ceil(maxItemsAhead / plan.chunkSize))
    void this.#read()
  }

  async *values(): AsyncGenerator<unknown> {
    try {
      for (;;) {
        const chunk = await this.#next()
        if (chunk === undefined) return
        const values = await this.#inTime(chunk.values())
        // Only now: what is not handed out is cancelled with the rest.
        this.#ahead.shift()
        this.#hasRoom.resolve()
        yield* values
      }
    } finally {
      await this.#stop()
    }
  }

  /** The oldest call that has not been handed out; `undefined` when there is none and will be none. */
  async #next(): Promise<MapChunk | undefined> {
    while (this.#ahead.length === 0) {
      if (typeof this.#reading === 'object') throw this.#reading.error
      if (this.#reading === 'ended') return undefined
      await this.#inTime(this.#hasNews.promise)
      this.#hasNews = Promise.withResolvers<void>()
    }
    return this.#ahead[0]
  }

  async #read(): Promise<void> {
    try {
      for await (const rows of chunksOf(this.#plan.rows, this.#plan.chunkSize)) {
        await this.#room()
        if (this.#isStopped) return
        this.#ahead.push(this.#plan.submit(rows))
        this.#hasNews.resolve()
      }
      this.#reading = 'ended'
    } catch (error) {
      this.#reading = { error }
    }
    this.#hasNews.resolve()
  }

  async #room(): Promise<void> {
    while (this.#ahead.length >= this.#maxAhead && !this.#isStopped) {
      await this.#hasRoom.promise
      this.#hasRoom = Promise.withResolvers<void>()
    }
  }

  #inTime<T>(promise: Promise<T>): Promise<T> {
    return this.#deadline.within(promise)
  }

  /** After the end, an error, or when nobody wants more: what still runs is cancelled. */
  async #stop(): Promise<void> {
    this.#isStopped = true
    this.#deadline.clear()
    this.#hasRoom.resolve()
    const left = this.#ahead.splice(0)
    await Promise.allSettled(left.map((chunk) => chunk.cancel()))
  }
}

async function* chunksOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
