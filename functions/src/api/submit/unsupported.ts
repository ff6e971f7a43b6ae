import type { HailJob } from './hail-job.ts'
import type { RefuseJob } from './refuse.ts'

type Asks = (job: HailJob) => boolean

const isList = (value: readonly unknown[] | null | undefined): boolean => (value?.length ?? 0) > 0
const isThere = (value: unknown): boolean => value !== undefined && value !== null

/** What Hail's jobs may ask for and this service does not have: the field, when it asks, and what to do instead. */
const unsupported: readonly (readonly [field: string, asks: Asks, remedy: string])[] = [
  ['absolute_job_group_id', (job) => (job.absolute_job_group_id ?? 0) !== 0, 'there are no job groups: leave it out'],
  ['in_update_job_group_id', (job) => (job.in_update_job_group_id ?? 0) !== 0, 'there are no job groups: leave it out'],
  ['gcsfuse', (job) => isList(job.gcsfuse), 'name the buckets in cloudfuse'],
  ['mount_tokens', (job) => job.mount_tokens === true, 'jobs get no tokens of the service: leave it out'],
  ['network', (job) => (job.network ?? 'public') !== 'public', "the only network is 'public': leave it out"],
  ['port', (job) => isThere(job.port), 'no port of a job can be reached: leave it out'],
  ['pvc_size', (job) => isThere(job.pvc_size), 'ask for resources.storage instead'],
  ['secrets', (job) => isList(job.secrets), 'jobs get no secrets: read them from Secret Manager in the job'],
  ['service_account', (job) => isThere(job.service_account), 'all jobs run as the worker does: leave it out'],
  ['unconfined', (job) => job.unconfined === true, 'containers are confined: leave it out'],
]

/** Refuses what would be ignored otherwise: a job that runs without what it asked for is worse than none. */
export function refuseUnsupported(job: HailJob, refuse: RefuseJob): void {
  const found = unsupported.find(([, asks]) => asks(job))
  if (found === undefined) return
  const [field, , remedy] = found
  throw refuse(`has the field ${field}, which is not supported; ${remedy}`)
}
