import { CycleFound } from './cycle-found.ts'
import { elementAt } from './element-at.ts'
import type { ParentLists } from './parent-lists.ts'
import { shortestCycle } from './shortest-cycle.ts'

const unseen = 0
const open = 1
const placed = 2

function isTopological({ starts, targets }: ParentLists, jobs: number): boolean {
  for (let job = 0; job < jobs; job++) {
    const end = elementAt(starts, job + 1)
    for (let edge = elementAt(starts, job); edge < end; edge++) if (elementAt(targets, edge) >= job) return false
  }
  return true
}

/**
 * Jobs in an order in which every parent precedes its children. Jobs stay in the order of their creation, and a job
 * that was created too late moves to just before the first one that needs it. No recursion: chains may be any length.
 * @throws CycleFound
 */
export function orderTopologically(parents: ParentLists, jobs: number): Uint32Array {
  const order = Uint32Array.from({ length: jobs }, (_, job) => job)
  if (isTopological(parents, jobs)) return order
  return orderDepthFirst(parents, order)
}

function orderDepthFirst(parents: ParentLists, order: Uint32Array): Uint32Array {
  const marks = new Uint8Array(order.length)
  const nextEdge = parents.starts.slice(0, order.length)
  const path = new Uint32Array(order.length)
  let count = 0
  for (let root = 0; root < order.length; root++) {
    if (marks[root] !== unseen) continue
    let depth = 0
    path[0] = root
    marks[root] = open
    while (depth >= 0) {
      const job = elementAt(path, depth)
      const parent = takeParent(parents, nextEdge, job)
      if (parent === undefined) {
        marks[job] = placed
        order[count++] = job
        depth--
      } else if (marks[parent] === open) {
        throw new CycleFound(shortestCycle(parents, path.subarray(path.indexOf(parent), depth + 1)))
      } else if (marks[parent] === unseen) {
        marks[parent] = open
        path[++depth] = parent
      }
    }
  }
  return order
}

/** The next parent of `job` that has not been looked at. */
function takeParent(parents: ParentLists, nextEdge: Uint32Array, job: number): number | undefined {
  const edge = elementAt(nextEdge, job)
  if (edge === elementAt(parents.starts, job + 1)) return undefined
  nextEdge[job] = edge + 1
  return elementAt(parents.targets, edge)
}
