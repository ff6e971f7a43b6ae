import type { Clock } from 'graupel/engine'

interface Happening {
  readonly at: number
  readonly order: number
  readonly act: () => void | Promise<void>
}

/** Time that jumps from one happening to the next. Each is over before the next begins. */
export class VirtualDay {
  readonly startedAt = Date.UTC(2026, 10, 1)
  #now = this.startedAt
  #order = 0
  /** A binary heap by time, then by order. */
  readonly #heap: Happening[] = []

  readonly now = (): number => this.#now
  readonly clock: Clock = { now: this.now, sleep: async () => undefined }

  readonly after = (ms: number, act: () => void | Promise<void>): void => {
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, act })
  }

  async run(untilMs: number): Promise<void> {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > this.startedAt + untilMs) return
      this.#pop()
      this.#now = next.at
      const pending = next.act()
      if (pending !== undefined) await pending
    }
  }

  #push(happening: Happening): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(happening)
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(place, parent)) return
      this.#swap(place, parent)
      place = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    this.#swap(0, heap.length - 1)
    heap.pop()
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      const child = right < heap.length && this.#isBefore(right, left) ? right : left
      if (child >= heap.length || !this.#isBefore(child, place)) return
      this.#swap(place, child)
      place = child
    }
  }

  #isBefore(left: number, right: number): boolean {
    const one = this.#heap[left]
    const other = this.#heap[right]
    if (one === undefined || other === undefined) return false
    return one.at < other.at || (one.at === other.at && one.order < other.order)
  }

  #swap(left: number, right: number): void {
    const heap = this.#heap
    const one = heap[left]
    const other = heap[right]
    if (one !== undefined && other !== undefined) [heap[left], heap[right]] = [other, one]
  }
}
