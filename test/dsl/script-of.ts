import { type AnyOutputs, type BashJob, Batch } from 'graupel'
import { renderScript } from 'graupel/model'
import { graphOf } from '../../client/src/dsl/batch.ts'
import { toBatchSpec } from '../../client/src/dsl/spec/to-batch-spec.ts'

/** What a batch would submit. */
export const specOf = (batch: Batch, keepsFiles = false) => toBatchSpec(graphOf(batch), { keepsFiles }).spec

/** The script that the shell of a job gets, with each path below `root`. */
export function scriptOf(job: BashJob, root = '/root'): string {
  const { spec, entries } = toBatchSpec(graphOf(job.batch))
  const task = spec.jobs[entries.findIndex((entry) => Object.is(entry.job, job))]?.detail.task
  if (task?.kind !== 'bash') throw new Error('the job has no script')
  return renderScript(task.script, (path) => `${root}/${path}`)
}

/** The one spec of a batch with one job. */
export function onlyJob(batch: Batch) {
  const [job] = specOf(batch).jobs
  if (job === undefined) throw new Error('the batch has no job')
  return job
}

export const newJob = (name = 'x'): BashJob<AnyOutputs> => new Batch().newJob({ name })
