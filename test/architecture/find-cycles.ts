import type { Import } from './scan-imports.ts'

/** Cycles of imports, one for each file that is on any: the shortest way from the file back to itself. */
export function findCycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, Set<string>>()
  for (const { from, target } of imports)
    if (target !== undefined) targets.set(from, (targets.get(from) ?? new Set()).add(target))
  const cycles = new Map<string, string[]>()
  for (const file of targets.keys()) {
    const cycle = shortestWayBack(file, targets)
    const key = cycle?.slice(1).sort().join()
    if (cycle !== undefined && key !== undefined && !cycles.has(key)) cycles.set(key, cycle)
  }
  return [...cycles.values()]
}

function shortestWayBack(start: string, targets: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const ways = new Map([[start, [start]]])
  for (const [file, way] of ways) {
    for (const target of targets.get(file) ?? []) {
      if (target === start) return [...way, start]
      if (!ways.has(target)) ways.set(target, [...way, target])
    }
  }
  return undefined
}
