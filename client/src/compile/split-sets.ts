import { elementAt } from './element-at.ts'
import { childBytes, inPortBytes, outPortBytes, rangeBytes } from './json-bounds.ts'
import { type DraftPort, type DraftSource, setBytes } from './port-table.ts'

const countChildren = (ports: readonly DraftPort[]): number =>
  ports.reduce((count, port) => count + port.children.length, 0)

/** What the shard has paid for these ports when its jobs were added. */
function paidBytes({ singles, sets, isRun }: DraftSource): number {
  const entries = isRun ? Math.min(1, singles.length) : singles.length
  const forSets = sets.reduce((bytes, set) => bytes + setBytes(set) + childBytes * (set.children.length - 1), 0)
  return forSets + inPortBytes * entries + childBytes * countChildren(singles)
}

/**
 * Many different sets of few parents, as when each pair of jobs has a child, cost an out-port each; a port for each
 * parent instead, and children that wait for several of them, cost one out-port for all. Does that where it is smaller.
 */
export function splitSets(source: DraftSource, targets: Uint32Array): DraftSource {
  const byParent = new Map<number, { from: number; to: number; children: number[] }>()
  for (const { from, children } of source.singles)
    byParent.set(elementAt(targets, from), { from, to: from + 1, children: [...children] })
  let edges = 0
  for (const { from, to, children } of source.sets) {
    edges += (to - from) * children.length
    if (byParent.size > source.singles.length + source.sets.length) return source
    for (let edge = from; edge < to; edge++) {
      const port = byParent.get(elementAt(targets, edge))
      if (port === undefined)
        byParent.set(elementAt(targets, edge), { from: edge, to: edge + 1, children: [...children] })
      else port.children.push(...children)
    }
  }
  const splitBytes = inPortBytes * byParent.size + childBytes * (countChildren(source.singles) + edges)
  const setOutBytes = source.sets.length * (outPortBytes + rangeBytes)
  const splitOutBytes = outPortBytes + rangeBytes * byParent.size
  const paid = paidBytes(source)
  if (splitBytes > paid || splitBytes + splitOutBytes > paid + setOutBytes) return source
  const singles = [...byParent.values()]
  for (const { children } of singles) children.sort((left, right) => left - right)
  return { ...source, singles, sets: [], isRun: false }
}
