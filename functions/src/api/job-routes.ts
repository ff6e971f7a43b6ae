import { type AttemptStatus, type JobSummary, parseQuery, QueryError, readAttempts, readJobs } from 'graupel/engine'
import type { BatchRecord, JobState } from 'graupel/model'
import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ApiServices } from './api-services.ts'
import { findBatch, findJob, jobNumber } from './find-batch.ts'
import { pageSize } from './page-size.ts'
import { statesOfWord } from './state-words.ts'

export function addJobRoutes(api: Hono, services: ApiServices): void {
  const { store, clock } = services
  api.get('/batches/:batch/jobs', async (context) => {
    const hasState = statesOfWord(context.req.query('q'))
    return context.json(await listJobs(services, context.req.param('batch'), context.req.query(), { hasState }))
  })
  api.get('/batches/:batch/jobs/:job', async (context) => {
    const { record, job } = await findJob(services, context.req.param())
    return context.json({ ...toHail(record, job), attributes: job.attributes, reason: job.reason ?? null })
  })
  api.get('/batches/:batch/jobs/:job/attempts', async (context) => {
    const { record, job } = await findJob(services, context.req.param())
    const attempts = (await readAttempts(store, record.id, job.id, clock.now())) ?? []
    return context.json(attempts.map(attemptToHail))
  })
}

/** The same listing, by Hail's second query language. */
export function addJobQueries(api: Hono, services: ApiServices): void {
  api.get('/batches/:batch/jobs', async (context) => {
    const isWanted = jobTestOf(context.req.query('q') ?? '')
    return context.json(await listJobs(services, context.req.param('batch'), context.req.query(), { isWanted }))
  })
}

function jobTestOf(query: string): (job: JobSummary) => boolean {
  try {
    return parseQuery(query)
  } catch (error) {
    throw error instanceof QueryError ? new HTTPException(400, { message: error.message }) : error
  }
}

interface JobFilter {
  readonly hasState?: (state: JobState) => boolean
  readonly isWanted?: (job: JobSummary) => boolean
}

async function listJobs({ store, clock }: ApiServices, id: string, page: Record<string, string>, filter: JobFilter) {
  const record = await findBatch(store, id)
  const { hasState, isWanted = () => true } = filter
  const limit = pageSize(page.limit)
  const range = { from: jobsBefore(page.last_job_id) + 1, hasState, now: clock.now() }
  const jobs = await takeFirst(readJobs(store, record.id, range), limit, isWanted)
  const last = jobs.length < limit ? undefined : jobs.at(-1)?.id
  return { jobs: jobs.map((job) => toHail(record, job)), ...(last && { last_job_id: last }) }
}

const jobsBefore = (text: string | undefined): number => (text === undefined || text === '0' ? 0 : jobNumber(text))

async function takeFirst<T>(items: AsyncIterable<T>, limit: number, isWanted: (item: T) => boolean): Promise<T[]> {
  const taken: T[] = []
  for await (const item of items) {
    if (isWanted(item)) taken.push(item)
    if (taken.length >= limit) break
  }
  return taken
}

function toHail(record: BatchRecord, job: JobSummary) {
  return {
    batch_id: record.id,
    job_id: job.id,
    name: job.name ?? null,
    user: record.user,
    state: job.state,
    exit_code: job.exitCode ?? null,
    duration: job.durationMs ?? null,
    cost: job.cost,
  }
}

function attemptToHail(attempt: AttemptStatus) {
  return {
    attempt_id: String(attempt.attempt),
    instance_name: attempt.worker ?? null,
    start_time: attempt.startedAt?.toISOString() ?? null,
    end_time: attempt.endedAt?.toISOString() ?? null,
    reason: attempt.reason ?? null,
    exit_code: attempt.exitCode ?? null,
  }
}
