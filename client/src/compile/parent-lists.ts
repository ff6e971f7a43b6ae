import type { BatchSpec, JobSpec } from './batch-spec.ts'
import { elementAt } from './element-at.ts'

/** The parents of all jobs in one array: those of job `i` are `targets[starts[i]]` … `targets[starts[i + 1] − 1]`. */
export interface ParentLists {
  readonly starts: Uint32Array
  readonly targets: Uint32Array
}

/** The parents of job `index`. A view, not a copy. */
export const parentsOf = ({ starts, targets }: ParentLists, index: number): Uint32Array =>
  targets.subarray(elementAt(starts, index), elementAt(starts, index + 1))

function countParents(spec: BatchSpec): number {
  let count = 0
  for (const job of spec.jobs) count += job.parents.length + job.earlierParents.length + job.detail.inputs.length
  return count
}

/** Indexes into the spec of all jobs that `job` waits for: those it names, and the makers of its files. */
function* parentIndexes(job: JobSpec): Generator<number> {
  yield* job.parents
  for (const input of job.detail.inputs) if (input.kind === 'job' && input.job >= 0) yield input.job
}

/** Numbers of all jobs of an earlier submission that `job` waits for. */
function* earlierNumbers(job: JobSpec): Generator<number> {
  yield* job.earlierParents
  for (const input of job.detail.inputs) if (input.kind === 'job' && input.job < 0) yield -input.job
}

function checkIndex(index: number, jobs: number): number {
  if (Number.isInteger(index) && index >= 0 && index < jobs) return index
  throw new RangeError(`parent ${index} is not the index of one of the ${jobs} jobs`)
}

function checkEarlier(number: number, firstJob: number): number {
  if (Number.isInteger(number) && number >= 1 && number < firstJob) return number
  throw new RangeError(`earlier parent ${number} is not the number of an earlier job, 1 to ${firstJob - 1}`)
}

/** Parents by their index in the spec, as the program gave them: in any order, and some perhaps twice. */
export function collectParents(spec: BatchSpec): ParentLists {
  const starts = new Uint32Array(spec.jobs.length + 1)
  const targets = new Uint32Array(countParents(spec))
  let end = 0
  spec.jobs.forEach((job, index) => {
    for (const parent of parentIndexes(job)) targets[end++] = checkIndex(parent, spec.jobs.length)
    starts[index + 1] = end
  })
  return { starts, targets: targets.subarray(0, end) }
}

/** Sorts `values` and moves each of them once to the front; how many there are. */
function sortDistinct(values: Uint32Array): number {
  if (values.length > 1) values.sort()
  let kept = 0
  for (const value of values) {
    if (kept === 0 || value !== values[kept - 1]) values[kept++] = value
  }
  return kept
}

export interface Numbering {
  /** Indexes into the spec, in topological order. */
  readonly order: Uint32Array
  /** The number of each job, by its index in the spec. */
  readonly numbers: Uint32Array
  readonly firstJob: number
}

/** Parents by their number in the batch, ascending and each once, listed in topological order of the children. */
export function numberParents(spec: BatchSpec, { order, numbers, firstJob }: Numbering): ParentLists {
  const starts = new Uint32Array(order.length + 1)
  const targets = new Uint32Array(countParents(spec))
  let end = 0
  order.forEach((index, position) => {
    const start = end
    const job = spec.jobs[index]
    if (job === undefined) throw new RangeError(`there is no job ${index}`)
    for (const number of earlierNumbers(job)) targets[end++] = checkEarlier(number, firstJob)
    for (const parent of parentIndexes(job)) targets[end++] = elementAt(numbers, parent)
    end = start + sortDistinct(targets.subarray(start, end))
    starts[position + 1] = end
  })
  return { starts, targets: targets.subarray(0, end) }
}
