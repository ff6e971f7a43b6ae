/**
 * How files are merged.
 *
 * @example
 * ```ts
 * import { Batch, concatenate, type MergeOptions } from 'graupel'
 *
 * const pairwise: MergeOptions = { branchingFactor: 2 }
 * const batch = new Batch()
 * const parts = ['a.txt', 'b.txt', 'c.txt'].map((path) => batch.readInput(path))
 * batch.writeOutput(concatenate(batch, parts, pairwise), 'all.txt')
 * ```
 */
export interface MergeOptions {
  /** Image of the jobs. Default: the batch's `defaultImage`, else none. */
  image?: string | undefined
  /** How many are merged at a time: a whole number of at least 2. Default 100. */
  branchingFactor?: number | undefined
}
