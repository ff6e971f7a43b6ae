import type { BatchSpec, JobSpec } from '../compile/batch-spec.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

/** An input of an earlier run's job has its number below zero. */
export const readsEarlier = ({ detail }: JobSpec): boolean =>
  detail.inputs.some((input) => input.kind === 'job' && input.job < 0)

/** The first job that reads a file of an earlier run. */
export const readsEarlierFiles = ({ jobs }: BatchSpec): JobSpec | undefined => jobs.find(readsEarlier)

export function refuseEarlierFiles({ name }: JobSpec): InvalidBatchError {
  const label = name === undefined ? 'A job' : `Job '${name}'`
  return new InvalidBatchError({
    message: `${label} reads a file of an earlier run, which that run deletes; run that with deleteScratchOnExit: false`,
    job: name,
  })
}
