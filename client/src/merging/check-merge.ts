import { describeValue } from '../dsl/add-write.ts'
import { type Batch, graphOf } from '../dsl/batch.ts'
import { batchLabel } from '../dsl/job-draft.ts'
import { type Resource, scopeOf } from '../dsl/resource.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

/** Says that a merge is not possible. */
export type RefuseMerge = (message: string) => InvalidBatchError

/** What a function merges, in the words of its messages. */
export interface MergeKind<T> {
  /** The function's name. */
  readonly name: string
  readonly one: string
  readonly many: string
  /** What to pass. */
  readonly remedy: string
  isOne(value: unknown): value is T
  /** What is wrong with one, or `undefined`. */
  problemOf?(value: T): string | undefined
}

/** @throws InvalidBatchError if there is nothing to merge, or something that cannot be merged here */
export function checkMerge<T extends Resource>(
  kind: MergeKind<T>,
  batch: Batch,
  items: readonly T[],
  branchingFactor: number,
): void {
  const refuse: RefuseMerge = (message) => new InvalidBatchError({ message: `${kind.name}: ${message}` })
  checkFactor(branchingFactor, refuse)
  if (!Array.isArray(items) || items.length === 0)
    throw refuse(`there are no ${kind.many} to merge; pass an array of at least one.`)
  const graph = graphOf(batch)
  for (const [index, item] of items.entries()) {
    const label = `${kind.one} ${index + 1}`
    if (!kind.isOne(item)) throw refuse(`${label} is ${describeValue(item)}; ${kind.remedy}.`)
    const { batch: owner } = scopeOf(item)
    if (owner !== graph)
      throw refuse(`${label} is of another batch, ${batchLabel(owner)}; let that one write it, and read it here.`)
    const problem = kind.problemOf?.(item)
    if (problem !== undefined) throw refuse(`${label} ${problem}; ${kind.remedy}.`)
  }
}

function checkFactor(branchingFactor: number, refuse: RefuseMerge): void {
  if (Number.isSafeInteger(branchingFactor) && branchingFactor >= 2) return
  throw refuse(`the branchingFactor is ${describeValue(branchingFactor)}; write a whole number of at least 2.`)
}
