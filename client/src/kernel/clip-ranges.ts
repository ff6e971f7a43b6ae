import type { Ranges } from '../model/index.ts'

/** The numbers of a set that lie in first…last. A range comes from outside and may be longer than memory. */
export function* inClippedRanges(ranges: Ranges, first: number, last: number): Generator<number> {
  for (const range of ranges) {
    const [from, to] = typeof range === 'number' ? [range, range] : range
    for (let number = Math.max(from, first); number <= Math.min(to, last); number++) yield number
  }
}
