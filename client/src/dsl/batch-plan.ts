import type { BatchSpec, JobSpec } from '../compile/batch-spec.ts'
import { parentsOf } from '../compile/parent-lists.ts'
import { renderScript } from '../model/index.ts'
import { orderJobs } from './spec/order-jobs.ts'

/**
 * What a run would do: the answer of `batch.run({ dryRun: true })`.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * batch.newJob({ name: 'hello' }).command`echo hello`
 * const plan = await batch.run({ dryRun: true })
 * console.log(plan.jobs, plan.mermaid)
 * ```
 */
export interface BatchPlan {
  /** Number of jobs. */
  readonly jobs: number
  /** Number of dependencies. */
  readonly edges: number
  /** The graph as a Mermaid flowchart. */
  readonly mermaid: string
  /** Everything as text: each job with what it asks for, reads, runs and writes, parents first. */
  toString(): string
}

/** One job with the numbers that it and its parents would get. */
interface PlannedJob {
  readonly number: number
  readonly parents: readonly number[]
  readonly job: JobSpec
}

const labelOf = ({ number, job }: PlannedJob): string => job.name ?? `job ${number}`

function* planJobs(spec: BatchSpec): Generator<PlannedJob> {
  const { order, parents } = orderJobs(spec)
  const numbers = new Map([...order].map((index, position) => [index, position + 1]))
  for (const index of order) {
    const job = spec.jobs[index]
    if (job === undefined) continue
    const distinct = new Set([...parentsOf(parents, index)].map((parent) => numbers.get(parent) ?? 0))
    yield { number: numbers.get(index) ?? 0, parents: [...distinct].sort((left, right) => left - right), job }
  }
}

const gibibytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toFixed(2))} GiB`

function describeResources({ template }: JobSpec): string {
  const { cpuMillis, memoryBytes, storageBytes, timeoutMs, image, machineType } = template
  const size = machineType ?? `cpu ${cpuMillis / 1000}, memory ${gibibytes(memoryBytes)}`
  const rest = [
    storageBytes > 0 ? `storage ${gibibytes(storageBytes)}` : '',
    timeoutMs === undefined ? '' : `timeout ${timeoutMs / 1000} s`,
    image === undefined ? '' : `image ${image}`,
    template.alwaysRun ? 'always run' : '',
  ]
  return [size, ...rest.filter((text) => text !== '')].join(', ')
}

/** The folder that a job knows as `BATCH_TMPDIR` is not known yet: its name stands for it. */
function describeCommands({ detail: { task } }: JobSpec): string[] {
  switch (task.kind) {
    case 'barrier':
      return ['(barrier)']
    case 'bash':
      return renderScript(task.script, (path) => `BATCH_TMPDIR/${path}`)
        .trimEnd()
        .split('\n')
    case 'functions':
    case 'python':
      return task.calls.map(({ name }) => `calls ${name}`)
    default:
      return task satisfies never
  }
}

function describeJob(planned: PlannedJob): string {
  const { number, parents, job } = planned
  const after = parents.length === 0 ? '' : ` after ${parents.join(', ')}`
  const lines = [
    ...job.detail.inputs.flatMap((input) => (input.kind === 'object' ? [`reads ${input.uri}`] : [])),
    ...describeCommands(job),
    ...job.detail.outputs.flatMap(({ name, destinations }) => destinations.map((to) => `writes ${name} to ${to}`)),
  ]
  return [
    `${number}. ${labelOf(planned)}${after}: ${describeResources(job)}`,
    ...lines.map((line) => `     ${line}`),
  ].join('\n')
}

/** Quotes and brackets mean something in Mermaid's labels. */
const mermaidLabel = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N} _.,:;/+=@-]/gu, (character) => `#${character.codePointAt(0)};`)

function drawMermaid(jobs: readonly PlannedJob[]): string {
  const nodes = jobs.map((planned) => `  j${planned.number}["${mermaidLabel(labelOf(planned))}"]`)
  const edges = jobs.flatMap(({ number, parents }) => parents.map((parent) => `  j${parent} --> j${number}`))
  return ['flowchart TD', ...nodes, ...edges].join('\n')
}

/** @throws CyclicDependencyError */
export function planBatch(spec: BatchSpec): BatchPlan {
  const jobs = [...planJobs(spec)]
  const edges = jobs.reduce((sum, { parents }) => sum + parents.length, 0)
  const title = `Batch ${spec.name === undefined ? '(unnamed)' : `'${spec.name}'`}: ${count(jobs.length, 'job')}, ${count(edges, 'dependency', 'dependencies')}`
  return {
    jobs: jobs.length,
    edges,
    mermaid: drawMermaid(jobs),
    toString: () => [title, ...jobs.map(describeJob)].join('\n'),
  }
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`
