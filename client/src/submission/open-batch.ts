import { ConflictError } from '../engine/ports.ts'
import { batchWrite, readBatch } from '../engine/records.ts'
import { newBatchRecord } from '../kernel/index.ts'
import { type BatchRecord, isDeleted, laneCountFor } from '../model/index.ts'
import { compileSpec } from './compile-spec.ts'
import { RefusedByBatch } from './refused-by-batch.ts'
import type { SubmissionServices } from './submission-services.ts'
import type { Reservation, SubmitRequest } from './submit-request.ts'

/** Makes the record of a new batch, or finds that of an earlier try. */
export async function openBatch(services: SubmissionServices, request: SubmitRequest): Promise<Reservation> {
  const compiled = compileSpec(request.spec, { maxShardJobs: services.maxShardJobs })
  const { jobs, planHash, chunks } = compiled
  const first = { token: request.token, jobs, shards: chunks.length, planHash }
  const record = await createRecord(services, newBatchRecord(describe(services, request, chunks.length), first))
  const update = record.updates.find((candidate) => candidate.token === request.token)
  if (update?.planHash !== planHash) throw otherJobs(request, record)
  if (isDeleted(record)) throw deleted(request, record)
  return { record, update, compiled }
}

async function createRecord(services: SubmissionServices, record: BatchRecord): Promise<BatchRecord> {
  try {
    await services.store.commit([batchWrite(record, 'absent')])
    return record
  } catch (error) {
    // Whether someone else was first, or the answer to our own commit was lost: what is stored holds.
    const stored = await readBatch(services.store, record.id)
    if (stored !== undefined) return stored.record
    if (!(error instanceof ConflictError)) throw error
    throw new RefusedByBatch({ message: `Batch ${record.id} has just been deleted; run it again`, cause: error })
  }
}

function describe(services: SubmissionServices, request: SubmitRequest, shards: number) {
  const { spec, batch, callback, deleteScratch, holdsScratch } = request
  return {
    id: batch,
    name: spec.name,
    user: services.user,
    attributes: spec.attributes,
    root: services.rootOf(batch),
    lanes: { count: laneCountFor(shards, services.deployedLanes), deployed: services.deployedLanes },
    cancelAfterNFailures: spec.cancelAfterNFailures,
    callback,
    deleteScratch,
    scratch: holdsScratch ? ('held' as const) : ('kept' as const),
    createdAt: services.clock.now(),
  }
}

const otherJobs = ({ token }: SubmitRequest, { id }: BatchRecord) =>
  new RefusedByBatch({
    message: `Token '${token}' belongs to batch ${id}, which has other jobs; give every set of jobs its own token`,
  })

const deleted = ({ token }: SubmitRequest, { id }: BatchRecord) =>
  new RefusedByBatch({ message: `Batch ${id} of token '${token}' was deleted; use another token` })
