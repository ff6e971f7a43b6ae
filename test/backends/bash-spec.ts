import type { Submission } from '../../client/src/backends/backend.ts'
import type { RunOptions } from '../../client/src/backends/run-options.ts'
import type { BatchSpec, JobSpec } from '../../client/src/compile/batch-spec.ts'
import { defaultRetryPolicy, type JobTemplate } from '../../client/src/model/index.ts'

const template: JobTemplate = {
  env: {},
  cpuMillis: 250,
  memoryBytes: 2 ** 20,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
}

/** A job of a spec, written without the DSL. */
export interface BashJob {
  readonly script: string
  readonly name?: string
  readonly parents?: readonly number[]
  readonly earlierParents?: readonly number[]
  readonly template?: Partial<JobTemplate>
  readonly inputs?: JobSpec['detail']['inputs']
  readonly outputs?: JobSpec['detail']['outputs']
}

export function bashSpec(jobs: readonly BashJob[], batch: Partial<BatchSpec> = {}): BatchSpec {
  return { name: undefined, attributes: {}, cancelAfterNFailures: undefined, ...batch, jobs: jobs.map(toSpec) }
}

const toSpec = (job: BashJob, index: number): JobSpec => ({
  name: job.name ?? `job-${index}`,
  attributes: undefined,
  template: { ...template, ...job.template },
  detail: {
    task: { kind: 'bash', shell: '/bin/bash', script: [job.script] },
    directory: `job-${index}`,
    inputs: [...(job.inputs ?? [])],
    links: [],
    outputs: [...(job.outputs ?? [])],
  },
  parents: job.parents ?? [],
  earlierParents: job.earlierParents ?? [],
})

export interface Submitted {
  readonly submission: Submission
  /** What the backend told of the submission. */
  readonly told: { batchId: string | undefined; numbers: number[] }
}

export function submissionOf(spec: BatchSpec, options: RunOptions = {}, batchId?: string): Submitted {
  const told: Submitted['told'] = { batchId: undefined, numbers: [] }
  const submitted: Submission['submitted'] = (id, numbers) => {
    told.batchId = id
    told.numbers = Array.from(numbers)
  }
  return { submission: { spec, batchId, options: { progress: false, ...options }, submitted }, told }
}
