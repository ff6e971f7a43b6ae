import {
  type BatchId,
  type BatchRecord,
  isBad,
  type JobState,
  type PlanChunk,
  type ShardRecord,
} from '../model/index.ts'
import { countLocalParents, countParents } from './count-parents.ts'
import { readPools, waitingOf } from './explain-waiting.ts'
import { paths } from './paths.ts'
import type { Document, Store } from './ports.ts'
import { committedShards, readShardOfJob, readSomeShards } from './read-shards.ts'
import { decodeChunk, readBatch } from './records.ts'
import { type AttemptStatus, attemptStatusesOf, type JobSummary, jobStatusOf } from './statuses.ts'
import { type StoredJob, type StoredJobDocument, stateAt, storedJobSchema } from './stored-job.ts'

export type { JobSummary }

/** Which jobs to read. Everything else is filtered by the caller. */
export interface JobRange {
  /** The number of the first job wanted. Default 1. */
  readonly from?: number | undefined
  /** Jobs in other states are not read in detail, which saves most of the work. Default: all states. */
  readonly hasState?: ((state: JobState) => boolean) | undefined
  /** In ms since 1970: what runs costs until then. */
  readonly now: number
}

/** The jobs of a batch by id, shard after shard; none if there is no such batch. */
export async function* readJobs(store: Store, batch: BatchId, range: JobRange): AsyncGenerator<JobSummary> {
  const { from = 1, hasState = () => true, now } = range
  const stored = await readBatch(store, batch)
  if (stored === undefined) return
  const first = from <= 1 ? undefined : await readShardOfJob(store, stored.record, from)
  for (const number of committedShards(stored.record)) {
    if (first !== undefined && number < first.shard) continue
    const [shard] = await readSomeShards(store, batch, [number])
    if (shard === undefined) continue
    const wanted = allIndexes(shard).filter(
      (index) => shard.firstJob + index >= from && hasState(stateAt(shard, index)),
    )
    yield* (await readStoredJobs(store, shard, wanted, stored.record)).map((job) => jobStatusOf(job, now))
  }
}

/** @param now in ms since 1970: what runs costs until then @returns `undefined` if the batch has no such job */
export async function readJob(store: Store, batch: BatchId, job: number, now: number): Promise<JobSummary | undefined> {
  const stored = await readStoredJob(store, batch, job)
  return stored === undefined ? undefined : jobStatusOf(stored, now)
}

/** Every attempt of a job that is known, oldest first; `undefined` if the batch has no such job. `now` as for a job. */
export async function readAttempts(
  store: Store,
  batch: BatchId,
  job: number,
  now: number,
): Promise<AttemptStatus[] | undefined> {
  const stored = await readStoredJob(store, batch, job)
  return stored === undefined ? undefined : attemptStatusesOf(stored, now)
}

/** Some jobs of a shard, by their indexes in it. */
export async function readJobsOfShard(
  store: Store,
  shard: ShardRecord,
  indexes: readonly number[],
  now: number,
): Promise<JobSummary[]> {
  return (await readStoredJobs(store, shard, indexes)).map((stored) => jobStatusOf(stored, now))
}

/** @throws Error if the shard's chunk is not there */
export async function readChunk(store: Store, shard: ShardRecord): Promise<PlanChunk> {
  const [found] = await store.read([paths.chunk(shard.batch, shard.planHash, shard.shard)])
  if (found === undefined) throw new Error(`shard ${shard.shard} of batch ${shard.batch} has no plan`)
  return decodeChunk(found.document)
}

/** `undefined` if it cannot be read: it is for people, and never decides anything. */
export function decodeJobDocument(document: Document): StoredJobDocument | undefined {
  return storedJobSchema.safeParse(document).data
}

const allIndexes = (shard: ShardRecord): number[] => Array.from(shard.states, (_, index) => index)

async function readStoredJob(store: Store, batch: BatchId, job: number): Promise<StoredJob | undefined> {
  const stored = await readBatch(store, batch)
  const shard = stored === undefined ? undefined : await readShardOfJob(store, stored.record, job)
  if (shard === undefined) return undefined
  const [found] = await readStoredJobs(store, shard, [job - shard.firstJob], stored?.record)
  if (found?.plan === undefined || found.parents !== undefined || stateAt(shard, found.index) !== 'Pending')
    return found
  return { ...found, parents: await countParents(store, shard, found.plan, found.index) }
}

async function readStoredJobs(
  store: Store,
  shard: ShardRecord,
  indexes: readonly number[],
  batch?: BatchRecord,
): Promise<(StoredJob & { readonly plan: PlanChunk | undefined })[]> {
  if (indexes.length === 0) return []
  const documented = indexes.filter((index) => hasDocument(shard, index))
  const [chunk, ...documents] = await store.read([
    paths.chunk(shard.batch, shard.planHash, shard.shard),
    ...documented.map((index) => paths.job(shard.batch, shard.firstJob + index)),
  ])
  const plan = chunk === undefined ? undefined : decodeChunk(chunk.document)
  const pools = await readPools(store, shard)
  const pending = indexes.filter((index) => stateAt(shard, index) === 'Pending')
  const parents = plan === undefined || pending.length === 0 ? undefined : countLocalParents(shard, plan, pending)
  const documentOf = new Map(documented.map((index, place) => [index, documents[place]?.document]))
  return indexes.map((index) => {
    const document = documentOf.get(index)
    const known = document === undefined ? undefined : decodeJobDocument(document)
    return {
      shard,
      index,
      plan,
      planned: plan?.jobs[index],
      document: known,
      waiting: waitingOf(pools, { shard, index, plan }),
      parents: parents?.get(index),
      image: plan?.templates[plan.jobs[index]?.template ?? -1]?.image,
      submittedAt: batch && submittedAt(batch, shard.firstJob + index),
    }
  })
}

/** Not every job has a document: one that waits for others has nothing to tell, and a large batch tells failures. */
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

/** Of jobs that came with their batch; when others came is not stored. */
function submittedAt({ updates, submittedAt: at }: BatchRecord, job: number): number | undefined {
  return job <= (updates[0]?.jobs ?? 0) ? at : undefined
}
