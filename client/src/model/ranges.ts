import { z } from 'zod'

/** A set of whole numbers in ascending order; neighbours are joined: `[[0, 511], 600]` is 0…511 and 600. */
export const rangesSchema = z.array(
  z.union([z.number().int().min(0), z.tuple([z.number().int().min(0), z.number().int().min(0)])]),
)
export type Ranges = readonly (number | readonly [number, number])[]

/** @param numbers ascending, each once */
export function toRanges(numbers: Iterable<number>): Ranges {
  const ranges: (number | [number, number])[] = []
  let first: number | undefined
  let last = -1
  const close = () => {
    if (first !== undefined) ranges.push(first === last ? first : [first, last])
  }
  for (const number of numbers) {
    if (first !== undefined && number === last + 1) {
      last = number
      continue
    }
    close()
    first = number
    last = number
  }
  close()
  return ranges
}

export const isInRanges = (ranges: Ranges, number: number): boolean =>
  ranges.some((range) => (typeof range === 'number' ? range === number : range[0] <= number && number <= range[1]))

/** With `count` more numbers from `first` on, which none of the ranges has. Neighbours are joined. */
export function addToRanges(ranges: Ranges, first: number, count: number): z.infer<typeof rangesSchema> {
  const added = count === 0 ? [] : [[first, first + count - 1] as const]
  const bounds = [...ranges.map(boundsOf), ...added].sort((left, right) => left[0] - right[0])
  const joined: [number, number][] = []
  for (const [start, end] of bounds) {
    const last = joined.at(-1)
    if (last !== undefined && last[1] + 1 === start) last[1] = end
    else joined.push([start, end])
  }
  return joined.map(([start, end]) => (start === end ? start : [start, end]))
}

const boundsOf = (range: number | readonly [number, number]): readonly [number, number] =>
  typeof range === 'number' ? [range, range] : range

export function* inRanges(ranges: Ranges): Generator<number> {
  for (const range of ranges) {
    if (typeof range === 'number') yield range
    else for (let number = range[0]; number <= range[1]; number++) yield number
  }
}
