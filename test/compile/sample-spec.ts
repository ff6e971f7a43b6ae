import { createHash } from 'node:crypto'
import { defaultRetryPolicy, type JobDetail, type JobTemplate } from 'graupel/model'
import type { BatchSpec, JobSpec } from '../../client/src/compile/batch-spec.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const sampleTemplate: JobTemplate = {
  image: 'ubuntu:24.04',
  env: {},
  cpuMillis: 1000,
  memoryBytes: 4 * 2 ** 30,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
}

export const sampleDetail = (index: number, script = `echo ${index}`): JobDetail => ({
  task: { kind: 'bash', shell: '/bin/bash', script: [script] },
  directory: `job-${index}-k3x9`,
  inputs: [],
  links: [],
  outputs: [],
})

export const sampleJob = (index: number, parents: readonly number[], changes: Partial<JobSpec> = {}): JobSpec => ({
  name: `job ${index}`,
  attributes: undefined,
  template: sampleTemplate,
  detail: sampleDetail(index),
  parents,
  earlierParents: [],
  ...changes,
})

export const sampleSpec = (jobs: readonly JobSpec[], cancelAfterNFailures?: number): BatchSpec => ({
  name: 'sample',
  attributes: {},
  cancelAfterNFailures,
  jobs,
})

/** A batch by the parents of each of its jobs. */
export const specOf = (parents: readonly (readonly number[])[]): BatchSpec =>
  sampleSpec(parents.map((list, index) => sampleJob(index, list)))
