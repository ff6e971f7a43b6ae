import type { Document, Revision } from '../ports.ts'

export interface MemoryEntry {
  readonly path: string
  readonly document: Document
  readonly revision: Revision
}

/** The documents directly below one path. Its order is made when it is asked for and kept until documents come or go. */
export class MemoryCollection {
  readonly #entries = new Map<string, MemoryEntry>()
  #sortedPaths: string[] | undefined

  get(path: string): MemoryEntry | undefined {
    return this.#entries.get(path)
  }

  set(entry: MemoryEntry): void {
    if (!this.#entries.has(entry.path)) this.#sortedPaths = undefined
    this.#entries.set(entry.path, entry)
  }

  delete(path: string): void {
    if (this.#entries.delete(path)) this.#sortedPaths = undefined
  }

  values(): Iterable<MemoryEntry> {
    return this.#entries.values()
  }

  /** Up to `limit` entries in the order of their paths, those behind `after`. */
  page(after: string | undefined, limit: number): MemoryEntry[] {
    this.#sortedPaths ??= [...this.#entries.keys()].sort()
    const start = after === undefined ? 0 : firstBehind(this.#sortedPaths, after)
    return this.#sortedPaths.slice(start, start + limit).flatMap((path) => this.#entries.get(path) ?? [])
  }
}

function firstBehind(sortedPaths: readonly string[], after: string): number {
  let low = 0
  let high = sortedPaths.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sortedPaths[middle] ?? '') <= after) low = middle + 1
    else high = middle
  }
  return low
}
