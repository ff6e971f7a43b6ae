import { elementAt } from './element-at.ts'
import { type ParentLists, parentsOf } from './parent-lists.ts'

/** Edges looked at in search of a shorter cycle: about a second's work, whatever the batch. */
const maxEdgesSearched = 20_000_000

/**
 * The shortest cycle through any job of a known one, as far as a bounded search finds it: a person has to read it.
 * @param known each job depends on the next one, and the last on the first
 */
export function shortestCycle(parents: ParentLists, known: Uint32Array): number[] {
  let shortest = Array.from(known)
  let edgesLeft = maxEdgesSearched
  const cameFrom = new Uint32Array(parents.starts.length - 1)
  for (const start of known) {
    if (shortest.length === 1 || edgesLeft <= 0) break
    const search = searchFrom(parents, start, { cameFrom, maxLength: shortest.length - 1, maxEdges: edgesLeft })
    edgesLeft -= search.edges
    if (search.cycle !== undefined) shortest = search.cycle
  }
  return shortest
}

interface Search {
  /** Scratch memory: the job from which each job was reached, plus one. */
  readonly cameFrom: Uint32Array
  readonly maxLength: number
  readonly maxEdges: number
}

/** Breadth first from child to parent until `start` comes again. */
function searchFrom(parents: ParentLists, start: number, { cameFrom, maxLength, maxEdges }: Search) {
  cameFrom.fill(0)
  // Clearing a large array for each of many starts is work too.
  let edges = cameFrom.length >>> 4
  let layer = [start]
  for (let length = 1; length <= maxLength && layer.length > 0; length++) {
    const next: number[] = []
    for (const job of layer) {
      for (const parent of parentsOf(parents, job)) {
        if (parent === start) return { edges, cycle: pathTo(job, start, cameFrom) }
        if (++edges > maxEdges) return { edges, cycle: undefined }
        if (cameFrom[parent] !== 0) continue
        cameFrom[parent] = job + 1
        next.push(parent)
      }
    }
    layer = next
  }
  return { edges, cycle: undefined }
}

function pathTo(last: number, start: number, cameFrom: Uint32Array): number[] {
  const path = [last]
  for (let job = last; job !== start; ) {
    job = elementAt(cameFrom, job) - 1
    path.push(job)
  }
  return path.reverse()
}
