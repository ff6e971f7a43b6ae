import { z } from 'zod'
import {
  type AttachedPorts,
  attachedPortsSchema,
  type BatchId,
  type BatchRecord,
  batchRecordSchema,
  type PlanChunk,
  planChunkSchema,
  type ShardRecord,
  shardRecordSchema,
  type WorkerId,
  type WorkerRecord,
  workerRecordSchema,
} from '../model/index.ts'
import { paths } from './paths.ts'
import type { Document, Revision, Store, StoredDocument, Write } from './ports.ts'

/** A record and the revision it was read or written at. */
export interface Stored<R> {
  readonly record: R
  readonly revision: Revision
}

/** Stored documents have no `undefined`: what is not there is left out. */
function withoutUndefined(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined))
}

export const encodeBatch = (record: BatchRecord): Document => withoutUndefined(z.encode(batchRecordSchema, record))
export const encodeShard = (record: ShardRecord): Document => withoutUndefined(z.encode(shardRecordSchema, record))
export const encodeWorker = (record: WorkerRecord): Document => withoutUndefined(z.encode(workerRecordSchema, record))

/** @throws ZodError if the document is no batch record */
export const decodeBatch = (document: Document): BatchRecord => batchRecordSchema.parse(document)
/** @throws ZodError if the document is no shard record */
export const decodeShard = (document: Document): ShardRecord => shardRecordSchema.parse(document)
/** @throws ZodError if the document is no worker record */
export const decodeWorker = (document: Document): WorkerRecord => workerRecordSchema.parse(document)

/** A chunk is one field of JSON: ten times cheaper to write than a native map, and still readable. */
export function encodeChunk(chunk: PlanChunk): Document {
  const { shard, firstJob } = chunk
  return { shard, firstJob, jobs: chunk.jobs.length, plan: JSON.stringify(chunk) }
}

const jsonOf = (document: Document, field: string): unknown => JSON.parse(z.string().parse(document[field]))

/** @throws ZodError or SyntaxError if the document is no chunk */
export const decodeChunk = (document: Document): PlanChunk => planChunkSchema.parse(jsonOf(document, 'plan'))

export const encodeAttached = (ports: AttachedPorts): Document => ({
  update: ports.update,
  ports: JSON.stringify(ports),
})
export const decodeAttached = (document: Document): AttachedPorts =>
  attachedPortsSchema.parse(jsonOf(document, 'ports'))

const storedBy =
  <R>(decode: (document: Document) => R) =>
  (found: StoredDocument | undefined): Stored<R> | undefined =>
    found === undefined ? undefined : { record: decode(found.document), revision: found.revision }

export const storedBatch = storedBy(decodeBatch)
export const storedShard = storedBy(decodeShard)
export const storedWorker = storedBy(decodeWorker)

export async function readBatch(store: Store, batch: BatchId): Promise<Stored<BatchRecord> | undefined> {
  const [found] = await store.read([paths.batch(batch)])
  return storedBatch(found)
}

export async function readWorker(store: Store, worker: WorkerId): Promise<Stored<WorkerRecord> | undefined> {
  const [found] = await store.read([paths.worker(worker)])
  return storedWorker(found)
}

type Expectation = Revision | 'absent' | 'any'

export const batchWrite = (record: BatchRecord, expect: Expectation): Write => ({
  kind: 'set',
  path: paths.batch(record.id),
  document: encodeBatch(record),
  expect,
})

export const shardWrite = (record: ShardRecord, expect: Expectation): Write => ({
  kind: 'set',
  path: paths.shard(record.batch, record.shard),
  document: encodeShard(record),
  expect,
})

export const workerWrite = (record: WorkerRecord, expect: Expectation): Write => ({
  kind: 'set',
  path: paths.worker(record.id),
  document: encodeWorker(record),
  expect,
})

/** Chunks never change, so writing one twice is harmless. */
export const chunkWrite = (batch: BatchId, planHash: string, chunk: PlanChunk): Write => ({
  kind: 'set',
  path: `${paths.plansOf(batch)}/${planHash}-${chunk.shard}`,
  document: encodeChunk(chunk),
  expect: 'any',
})
