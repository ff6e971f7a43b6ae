import type { BatchId, JobState, PlanChunk, ShardRecord } from '../model/index.ts'
import { isBad } from '../model/index.ts'
import { findShardOf } from './find-shard.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { readShardRecords } from './read-shards.ts'
import { decodeChunk, readBatch } from './records.ts'
import {
  type AttemptStatus,
  attemptStatusesOf,
  type JobStatus,
  jobStatusOf,
  type StoredJob,
  stateAt,
  storedJobSchema,
} from './statuses.ts'

/** Which jobs to read. Everything else is filtered by the caller. */
export interface JobRange {
  /** The number of the first job wanted. Default 1. */
  readonly from?: number | undefined
  /** Jobs in other states are not read in detail, which saves most of the work. Default: all states. */
  readonly hasState?: ((state: JobState) => boolean) | undefined
}

/** The jobs of a batch by number, a shard at a time. A batch that is not there has none. */
export async function* readJobStatuses(store: Store, batch: BatchId, range: JobRange = {}): AsyncGenerator<JobStatus> {
  const { from = 1, hasState = () => true } = range
  const record = (await readBatch(store, batch))?.record
  if (record === undefined) return
  const first = from <= 1 ? 0 : ((await findShardOf(store, record, from))?.shard ?? record.shards)
  const numbers = Array.from({ length: record.shards - first }, (_, place) => first + place)
  for await (const shard of readShardRecords(store, record, numbers)) {
    const wanted: number[] = []
    for (let index = Math.max(0, from - shard.firstJob); index < shard.states.length; index++)
      if (hasState(stateAt(shard, index))) wanted.push(index)
    for (const job of await readDetails(store, shard, wanted)) yield jobStatusOf(job)
  }
}

/** @returns `undefined` if there is no such batch or job */
export async function readJobStatus(store: Store, batch: BatchId, job: number): Promise<JobStatus | undefined> {
  const stored = await readStoredJob(store, batch, job)
  return stored === undefined ? undefined : jobStatusOf(stored)
}

/** Every attempt of a job that is known, oldest first; `undefined` if there is no such batch or job. */
export async function readAttempts(store: Store, batch: BatchId, job: number): Promise<AttemptStatus[] | undefined> {
  const stored = await readStoredJob(store, batch, job)
  return stored === undefined ? undefined : attemptStatusesOf(stored)
}

async function readStoredJob(store: Store, batch: BatchId, job: number): Promise<StoredJob | undefined> {
  const record = (await readBatch(store, batch))?.record
  const shard = record && (await findShardOf(store, record, job))
  if (shard === undefined) return undefined
  const [stored] = await readDetails(store, shard, [job - shard.firstJob])
  return stored
}

async function readDetails(store: Store, shard: ShardRecord, indexes: readonly number[]): Promise<StoredJob[]> {
  if (indexes.length === 0) return []
  const documented = indexes.filter((index) => hasDocument(shard, index))
  const [chunk, ...documents] = await store.read([
    paths.chunk(shard.batch, shard.planHash, shard.shard),
    ...documented.map((index) => paths.job(shard.batch, shard.firstJob + index)),
  ])
  const plan: PlanChunk | undefined = chunk && decodeChunk(chunk.document)
  const documentOf = new Map(documented.map((index, place) => [index, documents[place]]))
  return indexes.map((index) => {
    const document = documentOf.get(index)
    return { shard, index, planned: plan?.jobs[index], document: document && storedJobSchema.parse(document.document) }
  })
}

/** Not every job has a document: a job that waits for others has nothing to tell, and a large batch tells failures. */
function hasDocument(shard: ShardRecord, index: number): boolean {
  const state = stateAt(shard, index)
  switch (shard.projection) {
    case 'none':
      return false
    case 'failed':
      return isBad(state)
    case 'all':
      return state !== 'Pending'
    default:
      return shard.projection satisfies never
  }
}
