import type { BatchSpec, JobSpec } from '../../compile/batch-spec.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'

/**
 * Refuses what this machine cannot do, before anything runs.
 * @throws InvalidBatchError naming the job
 */
export function checkSupported(spec: BatchSpec): void {
  for (const [index, job] of spec.jobs.entries()) {
    if ((job.template.cloudfuse?.length ?? 0) > 0) throw unsupported(job, index, 'cloudfuse')
    if (job.template.accelerator !== undefined) throw unsupported(job, index, 'accelerator')
  }
}

function unsupported(job: JobSpec, index: number, setting: string): InvalidBatchError {
  const label = job.name === undefined ? `number ${index + 1}` : `'${job.name}'`
  return new InvalidBatchError({
    message: `Job ${label} asks for ${setting}, which LocalBackend does not have; remove it, or run on ServiceBackend`,
    job: job.name,
  })
}
