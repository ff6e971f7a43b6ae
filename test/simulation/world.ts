import type { Clock } from 'graupel/engine'
import { Random } from './random.ts'

interface Entry {
  readonly at: number
  /** Decides between events of one moment: drawn, so that no order is ever relied on. */
  readonly order: number
  run: (() => void) | undefined
}

/** What is broken in the code under test; the run ends with it. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

export interface WorldOptions {
  readonly seed: number
  readonly trace?: ((line: string) => void) | undefined
}

const startOfTime = Date.UTC(2026, 0, 1)

/** Virtual time. Nothing happens but what lies in its heap of events; between two events nobody waits. */
export class World implements Clock {
  readonly random: Random
  readonly startedAt = startOfTime
  readonly #heap: Entry[] = []
  readonly #trace: ((line: string) => void) | undefined
  #now = startOfTime
  #events = 0
  #hashLow = 0x811c9dc5
  #hashHigh = 0x01000193
  #violation: Violation | undefined

  constructor(options: WorldOptions) {
    this.random = new Random(options.seed)
    this.#trace = options.trace
  }

  now(): number {
    return this.#now
  }

  /** Ms since the run began. */
  get elapsedMs(): number {
    return this.#now - this.startedAt
  }

  get events(): number {
    return this.#events
  }

  /** Differs if anything at all went differently. */
  get hash(): string {
    return `${this.#hashHigh.toString(16).padStart(8, '0')}${this.#hashLow.toString(16).padStart(8, '0')}`
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const wake = () => {
        signal?.removeEventListener('abort', interrupt)
        resolve()
      }
      const entry = this.after(ms, wake)
      const interrupt = () => {
        entry.run = undefined
        resolve()
      }
      signal?.addEventListener('abort', interrupt, { once: true })
    })
  }

  after(ms: number, run: () => void): Entry {
    const entry = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.random.next(), run }
    push(this.#heap, entry)
    return entry
  }

  /** Part of the story: goes into the hash, and to whoever reads along. */
  note(line: string): void {
    this.#mix(line)
    this.#trace?.(`${(this.elapsedMs / 1000).toFixed(3).padStart(10)}  ${line}`)
  }

  #mix(line: string): void {
    for (let index = 0; index < line.length; index++) {
      this.#hashLow = Math.imul(this.#hashLow ^ line.charCodeAt(index), 0x01000193) >>> 0
      this.#hashHigh = Math.imul(this.#hashHigh + this.#hashLow, 0x85ebca6b) >>> 0
    }
  }

  /** Ends the run at the next event: what is wrong must not be swallowed by the code under test. */
  violate(sentence: string): void {
    this.#violation ??= new Violation(`${sentence} (after ${(this.elapsedMs / 1000).toFixed(3)} s)`)
  }

  /**
   * Lets time pass until nothing is left to happen, or until `untilMs`.
   * @returns whether nothing is left
   * @throws Violation
   */
  async run(untilMs: number, maxEvents: number): Promise<boolean> {
    for (;;) {
      await settled()
      if (this.#violation !== undefined) throw this.#violation
      const entry = pop(this.#heap)
      if (entry === undefined) return true
      if (entry.at > untilMs) {
        push(this.#heap, entry)
        return false
      }
      if (entry.run === undefined) continue
      if (++this.#events > maxEvents) throw new Violation(`no end after ${maxEvents} events`)
      if (entry.at > this.#now) this.#mix(String(entry.at))
      this.#now = Math.max(this.#now, entry.at)
      entry.run()
    }
  }
}

/** Every promise that can settle without another event has settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isBefore = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order)

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length
  heap.push(entry)
  while (index > 0) {
    const parent = (index - 1) >>> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(entry, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    let below = heap[child]
    const right = heap[child + 1]
    if (below !== undefined && right !== undefined && isBefore(right, below)) {
      child++
      below = right
    }
    if (below === undefined || !isBefore(below, last)) break
    heap[index] = below
    index = child
  }
  heap[index] = last
  return top
}
