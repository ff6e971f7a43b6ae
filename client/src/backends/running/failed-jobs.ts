import { findUpdate } from '../../engine/find-update.ts'
import { readJobsOfShard } from '../../engine/job-statuses.ts'
import { readLogTail } from '../../engine/logs/read-log.ts'
import { committedShards, readSomeShards, shardsOfUpdate } from '../../engine/read-shards.ts'
import type { FailedJob } from '../../errors/batch-failed-error.ts'
import { type BatchRecord, isBad, type ShardRecord, stateOf } from '../../model/index.ts'
import type { Home } from '../home.ts'
import type { JobStatus } from '../job-status.ts'
import { toJobStatus } from './public-status.ts'

const maxShownJobs = 10
const shownLines = 20
const shardsPerRead = 100

/** The jobs of one run, or of all of them. */
export type RunToken = string | undefined

/** What went wrong in a run: its first jobs that did not succeed, those that failed before those that were cancelled. */
export interface Failures {
  readonly jobs: readonly JobStatus[]
  readonly hasFailed: boolean
}

export async function findFailures(home: Home, record: BatchRecord, token: RunToken): Promise<Failures> {
  const failed: JobStatus[] = []
  const cancelled: JobStatus[] = []
  const shards = await shardsOfRun(home, record, token)
  for (let first = 0; first < shards.length && failed.length < maxShownJobs; first += shardsPerRead) {
    for (const shard of await readSomeShards(home.store, record.id, shards.slice(first, first + shardsPerRead)))
      for (const job of await readBadJobs(home, shard)) (job.state === 'Cancelled' ? cancelled : failed).push(job)
  }
  const shown = failed.length > 0 ? failed : cancelled
  return { jobs: shown.slice(0, maxShownJobs), hasFailed: failed.length > 0 }
}

async function shardsOfRun(home: Home, record: BatchRecord, token: RunToken): Promise<number[]> {
  if (token === undefined) return committedShards(record)
  const update = await findUpdate(home.store, record, token)
  return update === undefined ? [] : shardsOfUpdate(update)
}

async function readBadJobs(home: Home, shard: ShardRecord): Promise<JobStatus[]> {
  const { failed, error, cancelled } = shard.counts
  if (failed + error + cancelled === 0) return []
  const indexes = [...shard.states].flatMap((letter, index) => (isBad(stateOf(letter)) ? [index] : []))
  const ofUser = indexes.filter((index) => stateOf(shard.states[index] ?? '') !== 'Cancelled')
  const wanted = (ofUser.length > 0 ? ofUser : indexes).slice(0, maxShownJobs)
  return (await readJobsOfShard(home.store, shard, wanted, home.clock.now())).map(toJobStatus)
}

/** With the last lines that each of them printed. */
export async function addLogs(home: Home, root: string, jobs: readonly JobStatus[]): Promise<FailedJob[]> {
  return Promise.all(jobs.map(async (job) => ({ ...job, log: await readTailOfJob(home, root, job) })))
}

/** Empty if it cannot be read: the failure matters more than its log. */
export async function readTailOfJob(home: Home, root: string, job: JobStatus, lines = shownLines): Promise<string> {
  if (job.attempt === 0) return ''
  try {
    return await readLogTail(home.objects, { root, job: job.id, attempt: job.attempt }, lines)
  } catch {
    return ''
  }
}
