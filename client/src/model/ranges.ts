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

export function* inRanges(ranges: Ranges): Generator<number> {
  for (const range of ranges) {
    if (typeof range === 'number') yield range
    else for (let number = range[0]; number <= range[1]; number++) yield number
  }
}
