import type { BatchSpec, JobSpec } from '../../compile/batch-spec.ts'
import { parentsOf } from '../../compile/parent-lists.ts'
import { orderJobs } from '../spec/order-jobs.ts'

/** One job with the numbers that it and its parents would get. */
export interface PlannedJob {
  readonly number: number
  /** Each once, ascending. */
  readonly parents: readonly number[]
  /** 1: waits for none of these jobs; else one more than the highest of its parents. */
  readonly layer: number
  readonly job: JobSpec
}

/** The jobs by their numbers, parents first: job `n` is at `n - 1`. @throws CyclicDependencyError */
export function planJobs(spec: BatchSpec): PlannedJob[] {
  const { order, parents } = orderJobs(spec)
  const numbers = new Uint32Array(spec.jobs.length)
  for (const [position, index] of order.entries()) numbers[index] = position + 1
  const planned: PlannedJob[] = []
  for (const index of order) {
    const job = spec.jobs[index]
    if (job === undefined) throw new RangeError(`there is no job ${index}`)
    const own = [...new Set([...parentsOf(parents, index)].map((parent) => numbers[parent] ?? 0))]
    const layer = own.reduce((highest, parent) => Math.max(highest, planned[parent - 1]?.layer ?? 0), 0) + 1
    planned.push({ number: planned.length + 1, parents: own.sort((left, right) => left - right), layer, job })
  }
  return planned
}

export const labelOf = ({ number, job }: PlannedJob): string => job.name ?? `job ${number}`
