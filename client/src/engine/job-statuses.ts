import { z } from 'zod'
import { explain } from '../kernel/index.ts'
import {
  type BatchId,
  isTerminal,
  type JobDocument,
  type JobState,
  jobDocumentSchema,
  type PlanChunk,
  type ShardRecord,
  stateOf,
} from '../model/index.ts'
import { paths } from './paths.ts'
import type { Document, Store } from './ports.ts'
import { committedShards, readShardOfJob, readSomeShards } from './read-shards.ts'
import { decodeChunk, readBatch } from './records.ts'

/** A job at one moment, as it is told to people and programs. */
export interface JobSummary {
  readonly id: number
  readonly name: string | undefined
  readonly state: JobState
  readonly reason: string | undefined
  readonly attributes: Readonly<Record<string, string>>
  readonly attempt: number
  readonly worker: string | undefined
  readonly exitCode: number | undefined
  readonly readyAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly durationMs: number | undefined
  readonly cost: number
}

/** The jobs of a batch by id, shard after shard; none if there is no such batch. */
export async function* readJobs(store: Store, batch: BatchId): AsyncGenerator<JobSummary> {
  const stored = await readBatch(store, batch)
  if (stored === undefined) return
  for (const number of committedShards(stored.record)) {
    const [shard] = await readSomeShards(store, batch, [number])
    if (shard !== undefined) yield* await readJobsOfShard(store, shard)
  }
}

/** `undefined` if the batch has no such job. */
export async function readJob(store: Store, batch: BatchId, job: number): Promise<JobSummary | undefined> {
  const stored = await readBatch(store, batch)
  const shard = stored === undefined ? undefined : await readShardOfJob(store, stored.record, job)
  if (shard === undefined) return undefined
  const [summary] = await readJobsOfShard(store, shard, [job - shard.firstJob])
  return summary
}

/** States are the shard record's; the job documents, which come later, add times and places. */
export async function readJobsOfShard(
  store: Store,
  shard: ShardRecord,
  indexes: readonly number[] = [...shard.states].map((_, index) => index),
): Promise<JobSummary[]> {
  const chunk = await readChunk(store, shard)
  const documents = await readDocuments(store, shard, indexes)
  return indexes.map((index, position) => summarizeJob(shard, chunk, index, documents[position]))
}

/** @throws Error if the shard's chunk is not there */
export async function readChunk(store: Store, shard: ShardRecord): Promise<PlanChunk> {
  const [found] = await store.read([paths.chunk(shard.batch, shard.planHash, shard.shard)])
  if (found === undefined) throw new Error(`shard ${shard.shard} of batch ${shard.batch} has no plan`)
  return decodeChunk(found.document)
}

async function readDocuments(store: Store, shard: ShardRecord, indexes: readonly number[]) {
  if (shard.projection === 'none') return []
  const found = await store.read(indexes.map((index) => paths.job(shard.batch, shard.firstJob + index)))
  return found.map((stored) => (stored === undefined ? undefined : decodeJobDocument(stored.document)))
}

/** `undefined` if it cannot be read: it is for people, and never decides anything. */
export function decodeJobDocument(document: Document): JobDocument | undefined {
  const parsed = z.safeDecode(jobDocumentSchema, document as z.input<typeof jobDocumentSchema>)
  return parsed.success ? parsed.data : undefined
}

function summarizeJob(
  shard: ShardRecord,
  chunk: PlanChunk,
  index: number,
  document: JobDocument | undefined,
): JobSummary {
  const planned = chunk.jobs[index]
  const attempt = Number.parseInt(shard.attempts.slice(2 * index, 2 * index + 2), 16)
  const state = stateOf(shard.states[index] ?? '')
  const end = shard.ends[index]
  const lease = shard.leases[index]
  const known = document?.attempt === attempt ? document : undefined
  const startedAt = lease?.startedAt ?? known?.startedAt
  const endedAt = isTerminal(state) ? document?.endedAt : undefined
  return {
    id: shard.firstJob + index,
    name: planned?.name,
    state,
    reason: explain(state, end),
    attributes: planned?.attributes ?? {},
    attempt,
    worker: lease?.worker ?? known?.worker,
    exitCode: end?.exitCode ?? (isTerminal(state) ? known?.exitCode : undefined),
    readyAt: dateOf(document?.readyAt),
    startedAt: dateOf(startedAt),
    endedAt: dateOf(endedAt),
    durationMs: startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt,
    cost: document?.cost ?? 0,
  }
}

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms))
