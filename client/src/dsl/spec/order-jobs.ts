import type { BatchSpec } from '../../compile/batch-spec.ts'
import { CycleFound } from '../../compile/cycle-found.ts'
import { collectParents, type ParentLists } from '../../compile/parent-lists.ts'
import { orderTopologically } from '../../compile/topological-order.ts'
import { CyclicDependencyError } from '../../errors/cyclic-dependency-error.ts'

/** The indexes of the jobs, parents first. @throws CyclicDependencyError */
export function orderJobs(spec: BatchSpec): { readonly order: Uint32Array; readonly parents: ParentLists } {
  const parents = collectParents(spec)
  try {
    return { order: orderTopologically(parents, spec.jobs.length), parents }
  } catch (error) {
    throw error instanceof CycleFound ? describeCycle(spec, error) : error
  }
}

function describeCycle(spec: BatchSpec, error: CycleFound): CyclicDependencyError {
  const cycle = error.cycle.map((index) => ({ name: spec.jobs[index]?.name }))
  const names = [...cycle, ...cycle.slice(0, 1)].map(({ name }) => `'${name ?? '(unnamed)'}'`)
  return new CyclicDependencyError({
    message: `Jobs wait for each other in a ring: ${names.join(' → ')}; leave out one of these dependencies.`,
    job: cycle[0]?.name,
    cycle,
    cause: error,
  })
}
