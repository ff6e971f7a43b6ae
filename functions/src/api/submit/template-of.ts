import { maxAttemptsOfAJob } from 'graupel/kernel'
import { defaultRetryPolicy, type JobTemplate } from 'graupel/model'
import { amountsOf } from './amounts-of.ts'
import type { HailJob } from './hail-job.ts'
import { mountsOf } from './mounts-of.ts'
import type { RefuseJob } from './refuse.ts'

/** All settings of a job but its image. */
export function templateOf(job: HailJob, refuse: RefuseJob): JobTemplate {
  const { regions, requester_pays_project: requesterPaysProject } = job
  const maxAttempts = maxAttemptsOf(job, refuse)
  const timeoutMs = timeoutMsOf(job, refuse)
  const cloudfuse = mountsOf(job, refuse)
  if (regions?.length === 0) throw refuse('has regions, but none in it; name some, or leave the field out for any')
  return {
    env: environmentOf(job, refuse),
    ...amountsOf(job.resources ?? {}, refuse),
    alwaysRun: job.always_run ?? false,
    alwaysCopyOutput: job.always_copy_output ?? false,
    spot: job.resources?.preemptible ?? true,
    retry: defaultRetryPolicy,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(regions && { regions: [...regions] }),
    ...(requesterPaysProject && { requesterPaysProject }),
    ...(cloudfuse.length > 0 && { cloudfuse }),
  }
}

function maxAttemptsOf({ n_max_attempts: attempts }: HailJob, refuse: RefuseJob): number | undefined {
  if (attempts === undefined || attempts === null) return undefined
  if (attempts >= 1 && attempts <= maxAttemptsOfAJob) return attempts
  throw refuse(`has n_max_attempts ${attempts}; write 1 to ${maxAttemptsOfAJob}`)
}

function timeoutMsOf({ timeout }: HailJob, refuse: RefuseJob): number | undefined {
  if (timeout === undefined || timeout === null) return undefined
  const ms = Math.ceil(timeout * 1000)
  if (ms > 0 && Number.isSafeInteger(ms)) return ms
  throw refuse(`has the timeout ${timeout}; write seconds, more than 0`)
}

function environmentOf({ env }: HailJob, refuse: RefuseJob): Record<string, string> {
  const variables = (env ?? []).filter(({ name, value }) => !isBatchFolder(name, value, refuse))
  for (const { name, value } of variables)
    if (name === '' || name.includes('=') || name.includes('\0') || value.includes('\0'))
      throw refuse(`has the environment variable '${name}'; a name is not empty and has no =, and no NUL is anywhere`)
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]))
}

/** Hail's clients say where the batch's folder is; here the worker does. */
function isBatchFolder(name: string, value: string, refuse: RefuseJob): boolean {
  if (name !== 'BATCH_TMPDIR') return false
  if (/^\/io\/batch\/[^/]+\/?$/.test(value)) return true
  throw refuse(`has the environment variable BATCH_TMPDIR with '${value}'; the worker sets it: leave it out`)
}
