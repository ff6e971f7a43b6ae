import type { InPort, OutPort } from '../model/index.ts'
import { elementAt } from './element-at.ts'
import type { DraftPort, DraftSource } from './port-table.ts'
import { splitSets } from './split-sets.ts'
import { storedRanges } from './stored-ranges.ts'

/** One shard's in-ports, and what each other shard has to know of them. */
export interface LinkedPorts {
  readonly inPorts: readonly InPort[]
  readonly outPorts: readonly { readonly source: number; readonly outPort: OutPort }[]
}

/**
 * Numbers the ports of shard `toShard`: source after source, first those with a single parent, in the parents' order,
 * so that one out-port tells them all, then one by one those with several.
 */
export function linkPorts(sources: Iterable<DraftSource>, targets: Uint32Array, toShard: number): LinkedPorts {
  const inPorts: InPort[] = []
  const outPorts: { source: number; outPort: OutPort }[] = []
  let next = 0
  for (const draft of [...sources].sort((left, right) => left.shard - right.shard)) {
    const source = draft.sets.length > 1 ? splitSets(draft, targets) : draft
    const fromShard = source.shard
    const link = (ports: readonly DraftPort[], parents: Iterable<number>) => {
      outPorts.push({
        source: fromShard,
        outPort: { toShard, first: next, count: ports.length, parents: localRanges(parents, source) },
      })
      for (const run of splitIntoRuns(ports)) {
        inPorts.push({ fromShard, first: next, count: run.count, children: storedRanges(run.children) })
        next += run.count
      }
    }
    const parentOf = (port: DraftPort) => elementAt(targets, port.from)
    const singles = source.isRun
      ? source.singles
      : source.singles.toSorted((left, right) => parentOf(left) - parentOf(right))
    if (singles.length > 0) link(singles, singles.map(parentOf))
    for (const set of source.sets) link([set], targets.subarray(set.from, set.to))
  }
  return { inPorts, outPorts }
}

function* offsets(parents: Iterable<number>, firstJob: number): Generator<number> {
  for (const parent of parents) yield parent - firstJob
}

const localRanges = (parents: Iterable<number>, source: DraftSource): OutPort['parents'] =>
  storedRanges(offsets(parents, source.firstJob))

interface PortRun {
  count: number
  children: readonly number[]
}

/** Consecutive ports with one child each, whose children ascend, share an entry; any other port has its own. */
function splitIntoRuns(ports: readonly DraftPort[]): PortRun[] {
  const runs: PortRun[] = []
  let open: { count: number; children: number[] } | undefined
  for (const { children } of ports) {
    const [child] = children
    if (child === undefined || children.length > 1) {
      runs.push({ count: 1, children })
      open = undefined
    } else if (open !== undefined && child > (open.children.at(-1) ?? -1)) {
      open.children.push(child)
      open.count++
    } else {
      open = { count: 1, children: [child] }
      runs.push(open)
    }
  }
  return runs
}
