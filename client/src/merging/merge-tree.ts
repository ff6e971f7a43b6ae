/** Where a merge stands in its tree, both from 1: level 1 merges what was given. */
export interface MergePlace {
  readonly level: number
  readonly number: number
}

/**
 * Merges many into one, at most `branchingFactor` at a time, level by level.
 *
 * @param items at least one; a single one is the answer
 * @param branchingFactor at least 2, or there would be no end
 */
export function mergeTree<T>(
  items: readonly T[],
  branchingFactor: number,
  merge: (items: readonly T[], place: MergePlace) => T,
): T {
  let layer = items
  for (let level = 1; layer.length > 1; level++)
    layer = inChunks(layer, branchingFactor).map((chunk, index) => merge(chunk, { level, number: index + 1 }))
  const [root] = layer
  if (root === undefined) throw new RangeError('there is nothing to merge')
  return root
}

/** The items in their order, at most `size` together. */
export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
