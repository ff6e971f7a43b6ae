import {
  type AttemptStatus,
  type JobSummary,
  parseQuery,
  QueryError,
  readAttempts,
  readJob,
  readJobs,
  readLog,
  type Store,
} from 'graupel/engine'
import { type BatchRecord, type JobState, objectPaths } from 'graupel/model'
import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ApiServices } from './api-services.ts'
import { findBatch, jobNumber } from './find-batch.ts'
import { pageSize } from './page-size.ts'
import { statesOfWord } from './state-words.ts'

export function addJobRoutes(api: Hono, services: ApiServices): void {
  const { store } = services
  api.get('/batches/:batch/jobs', async (context) => {
    const hasState = statesOfWord(context.req.query('q'))
    return context.json(await listJobs(store, context.req.param('batch'), context.req.query(), { hasState }))
  })
  api.get('/batches/:batch/jobs/:job', async (context) => {
    const { record, job } = await findJob(services, context.req.param())
    return context.json({ ...toHail(record, job), attributes: job.attributes, reason: job.reason ?? null })
  })
  api.get('/batches/:batch/jobs/:job/attempts', async (context) => {
    const { record, job } = await findJob(services, context.req.param())
    const attempts = (await readAttempts(store, record.id, job.id)) ?? []
    return context.json(attempts.map(attemptToHail))
  })
  api.get('/batches/:batch/jobs/:job/log', async (context) =>
    context.json({ main: new TextDecoder().decode(await logOf(services, context.req.param())) }),
  )
  api.get('/batches/:batch/jobs/:job/log/main', async (context) =>
    context.body(Uint8Array.from(await logOf(services, context.req.param()))),
  )
}

/** The same listing, by Hail's second query language. */
export function addJobQueries(api: Hono, { store }: ApiServices): void {
  api.get('/batches/:batch/jobs', async (context) => {
    const isWanted = jobTestOf(context.req.query('q') ?? '')
    return context.json(await listJobs(store, context.req.param('batch'), context.req.query(), { isWanted }))
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

async function listJobs(store: Store, id: string, page: Record<string, string>, filter: JobFilter) {
  const record = await findBatch(store, id)
  const { hasState, isWanted = () => true } = filter
  const limit = pageSize(page.limit)
  const range = { from: jobsBefore(page.last_job_id) + 1, hasState }
  const jobs = await takeFirst(readJobs(store, record.id, range), limit, isWanted)
  const last = jobs.length < limit ? undefined : jobs.at(-1)?.id
  return { jobs: jobs.map((job) => toHail(record, job)), ...(last && { last_job_id: last }) }
}

const jobsBefore = (text: string | undefined): number => (text === undefined || text === '0' ? 0 : jobNumber(text))

interface JobPlace {
  readonly batch: string
  readonly job: string
}

async function findJob({ store }: ApiServices, place: JobPlace): Promise<{ record: BatchRecord; job: JobSummary }> {
  const record = await findBatch(store, place.batch)
  const job = await readJob(store, record.id, jobNumber(place.job))
  if (job !== undefined) return { record, job }
  throw new HTTPException(404, { message: `batch ${record.id} has no job ${place.job}` })
}

/** What the newest attempt has printed; nothing before the first one. */
async function logOf(services: ApiServices, place: JobPlace): Promise<Uint8Array> {
  const { record, job } = await findJob(services, place)
  if (job.attempt === 0) return new Uint8Array()
  return readLog(services.objects, objectPaths.log(record.root, job.id, job.attempt))
}

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
