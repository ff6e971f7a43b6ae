import type { Alphabet } from './local-graph.ts'
import type { DrawnGraph } from './small-plans.ts'

/**
 * What the letters of a finished batch may be, from the meaning of the graph alone: a job is run if all its parents
 * succeeded or it always runs, and is cancelled otherwise; cancelling may end any other that has not ended yet.
 */
export function possibleOutcomes(graph: DrawnGraph, cancels: Alphabet['cancels']): Set<string> {
  let outcomes = ['']
  for (const { parents, template } of graph) {
    const alwaysRuns = template?.alwaysRun === true
    const mayBeCancelled = cancels === 'both' || cancels === 'jobs' || (cancels === 'batch' && !alwaysRuns)
    outcomes = outcomes.flatMap((letters) => {
      const isRun = alwaysRuns || parents.every((parent) => letters[parent - 1] === 'S')
      const ends = [...(isRun ? ['S', 'F', 'E'] : []), ...(!isRun || mayBeCancelled ? ['X'] : [])]
      return ends.map((end) => letters + end)
    })
  }
  return new Set(outcomes)
}
