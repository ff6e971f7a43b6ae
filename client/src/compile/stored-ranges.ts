import { type InPort, toRanges } from '../model/index.ts'

/** As `toRanges`, in the form of the stored plan. */
export const storedRanges = (ascending: Iterable<number>): InPort['children'] =>
  toRanges(ascending).map((range) => (typeof range === 'number' ? range : [range[0], range[1]]))
