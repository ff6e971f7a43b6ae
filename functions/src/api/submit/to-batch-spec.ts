import { type BatchRecord, isInRanges } from 'graupel/model'
import type { BatchSpec, JobSpec } from 'graupel/submission'
import { inputsOf, outputsOf } from './files-of.ts'
import type { HailJob } from './hail-job.ts'
import { badRequest, type RefuseJob, refuseJob } from './refuse.ts'
import { taskOf } from './task-of.ts'
import { templateOf } from './template-of.ts'
import { refuseUnsupported } from './unsupported.ts'

/** Which numbers stand for jobs of the batch that are there already. */
export type IsEarlierJob = (number: number) => boolean

/** A new batch has no jobs yet. */
export const noEarlierJobs: IsEarlierJob = () => false

/** The jobs that are visible: those of a submission under way are not there for anybody else. */
export const earlierJobsOf =
  ({ updates, archived }: Pick<BatchRecord, 'updates' | 'archived'>): IsEarlierJob =>
  (number) =>
    isInRanges(archived.jobs, number) ||
    updates.some(({ isCommitted, firstJob, jobs }) => isCommitted && number >= firstJob && number < firstJob + jobs)

/** Jobs as they were sent, put in the order of their numbers, as the batch's. */
export function toJobSpecs(jobs: readonly HailJob[], count: number, isEarlier: IsEarlierJob): JobSpec[] {
  return inOrder(jobs, count).map((job) => toJobSpec(job, isEarlier))
}

/** Nothing is missing and nothing is there twice, so that every job has the number that its client gave it. */
function inOrder(jobs: readonly HailJob[], count: number): HailJob[] {
  const byNumber = new Map<number, HailJob>()
  for (const job of jobs) {
    const known = byNumber.get(job.job_id)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(job))
      throw badRequest(`there are two different jobs with job_id ${job.job_id}; number jobs 1, 2, … in their update`)
    byNumber.set(job.job_id, job)
  }
  return Array.from({ length: Math.max(count, byNumber.size) }, (_, index) => {
    const job = byNumber.get(index + 1)
    if (job !== undefined && index < count) return job
    const problem = `${byNumber.size} have come, ${index < count ? `and job_id ${index + 1} is missing` : 'which is more'}`
    throw badRequest(`n_jobs is ${count}, but ${problem}; send each of them once, numbered 1, 2, …`)
  })
}

/** @throws HTTPException 400 naming the job, the field and what to do */
export function toJobSpec(job: HailJob, isEarlier: IsEarlierJob): JobSpec {
  const refuse = refuseJob(job)
  refuseUnsupported(job, refuse)
  const { task, image } = taskOf(job.process, refuse)
  const { name, ...attributes } = job.attributes ?? {}
  return {
    name,
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
    template: { ...templateOf(job, refuse), ...(image !== undefined && { image }) },
    detail: { task, directory: '', inputs: inputsOf(job, refuse), links: [], outputs: outputsOf(job, refuse) },
    ...parentsOf(job, isEarlier, refuse),
  }
}

function parentsOf(
  job: HailJob,
  isEarlier: IsEarlierJob,
  refuse: RefuseJob,
): Pick<JobSpec, 'parents' | 'earlierParents'> {
  const parents = new Set(job.in_update_parent_ids)
  const earlierParents = new Set(job.absolute_parent_ids)
  for (const parent of parents)
    if (parent >= job.job_id)
      throw refuse(`has ${parent} in in_update_parent_ids; a parent has a smaller job_id than its child`)
  for (const parent of earlierParents)
    if (!isEarlier(parent))
      throw refuse(
        `has ${parent} in absolute_parent_ids, which is no job of the batch yet; ` +
          'name jobs of the same update in in_update_parent_ids',
      )
  return { parents: [...parents].map((parent) => parent - 1), earlierParents: [...earlierParents] }
}

/** What a client says of the whole batch. */
export interface BatchDescription {
  readonly attributes?: Readonly<Record<string, string>> | null | undefined
  readonly cancel_after_n_failures?: number | null | undefined
}

export function toBatchSpec(description: BatchDescription, jobs: readonly JobSpec[]): BatchSpec {
  const { name, ...attributes } = description.attributes ?? {}
  return { name, attributes, cancelAfterNFailures: description.cancel_after_n_failures ?? undefined, jobs }
}
