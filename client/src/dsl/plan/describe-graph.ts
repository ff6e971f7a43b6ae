import { type Fold, namesOf } from './fold-alike.ts'
import { counted, ranges } from './wording.ts'

const deepestIndent = 20
const shownLines = 200

/** A line for each job, or for several that are alike, layer by layer, with the numbers of those that it waits for. */
export function describeGraph(folds: readonly Fold[]): string[] {
  const nodes = folds.toSorted((left, right) => left.first.layer - right.first.layer)
  const lines = nodes.slice(0, shownLines).map(describeNode)
  return nodes.length <= shownLines ? lines : [...lines, `  … ${counted(nodes.length - shownLines, 'more line')}`]
}

function describeNode(fold: Fold): string {
  const { first, jobs } = fold
  const indent = '  '.repeat(Math.min(first.layer, deepestIndent))
  const parents = [...new Set(jobs.flatMap((job) => job.parents))].sort((left, right) => left - right)
  const several = jobs.length === 1 ? '' : ` (${counted(jobs.length, 'job')})`
  const waits = parents.length === 0 ? '' : ` ← ${ranges(parents)}`
  return `${indent}${ranges(jobs.map(({ number }) => number))}. ${namesOf(fold)}${several}${waits}`
}
