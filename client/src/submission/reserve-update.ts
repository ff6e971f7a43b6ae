import type { CompiledBatch } from '../compile/compiled-batch.ts'
import { shardLocator } from '../compile/locate-shard.ts'
import { findUpdate, tokenWrite } from '../engine/find-update.ts'
import { ConflictError } from '../engine/ports.ts'
import { readShards } from '../engine/read-shards.ts'
import { batchWrite, readBatch } from '../engine/records.ts'
import { BatchNotFoundError } from '../errors/batch-not-found-error.ts'
import { type BatchRecord, type BatchUpdate, isDeleted, type UpdateToken } from '../model/index.ts'
import { compileSpec } from './compile-spec.ts'
import { readsEarlier, readsEarlierFiles, refuseEarlierFiles } from './earlier-files.ts'
import { checkEarlierParents } from './earlier-parents.ts'
import { RefusedByBatch } from './refused-by-batch.ts'
import type { SubmissionServices } from './submission-services.ts'
import type { Reservation, SubmitRequest } from './submit-request.ts'

const maxTries = 20

/** Takes the next numbers of jobs and shards in a batch that is there already, or finds those of an earlier try. */
export async function reserveUpdate(services: SubmissionServices, request: SubmitRequest): Promise<Reservation> {
  for (let tries = 1; ; tries++) {
    const stored = await readBatch(services.store, request.batch)
    if (stored === undefined) throw new BatchNotFoundError({ id: request.batch })
    const earlier = await findUpdate(services.store, stored.record, request.token)
    if (earlier !== undefined) return resume(services, request, stored.record, earlier)
    checkOpen(stored.record)
    checkFiles(stored.record, request)
    const compiled = await compileAfter(services, request, nextNumbers(stored.record))
    const reserved = withUpdate(stored.record, request, compiled)
    try {
      await services.store.commit([
        batchWrite(reserved.record, stored.revision),
        tokenWrite(reserved.record, reserved.update),
      ])
      return { ...reserved, compiled }
    } catch (error) {
      if (tries >= maxTries) throw error
      await services.clock.sleep(error instanceof ConflictError ? 5 * tries : 100 * tries)
    }
  }
}

async function resume(services: SubmissionServices, request: SubmitRequest, record: BatchRecord, found: UpdateToken) {
  const update = record.updates.find(({ token }) => token === found.token) ?? archivedUpdate(found)
  const compiled = await compileAfter(services, request, update)
  if (compiled.planHash !== update.planHash)
    throw new RefusedByBatch({
      message: `Token '${request.token}' has submitted other jobs to batch ${record.id}; give every run its own token`,
    })
  return { record, update, compiled }
}

/** An update that is not listed any more is over. */
const archivedUpdate = (found: UpdateToken): BatchUpdate => ({
  ...found,
  isCommitted: true,
  isStartSent: true,
  attachesTo: [],
})

function checkOpen(record: BatchRecord): void {
  if (!record.isCancelled && !isDeleted(record)) return
  const end = isDeleted(record) ? 'deleted' : 'cancelled'
  throw new RefusedByBatch({ message: `Batch ${record.id} was ${end} and takes no more jobs; make a new Batch` })
}

/** Files of earlier jobs are there only if no run before has asked to delete them. */
function checkFiles(record: BatchRecord, { spec }: SubmitRequest): void {
  const reader = record.deleteScratch ? readsEarlierFiles(spec) : undefined
  if (reader !== undefined) throw refuseEarlierFiles(reader)
}

/** Behind every reservation, committed or not: numbers are never given twice. */
function nextNumbers({ updates }: BatchRecord): Pick<BatchUpdate, 'number' | 'firstJob' | 'firstShard'> {
  const last = updates.at(-1)
  if (last === undefined) return { number: 1, firstJob: 1, firstShard: 0 }
  return {
    number: last.number + 1,
    firstJob: last.firstJob + last.jobs,
    firstShard: last.firstShard + last.shards,
  }
}

async function compileAfter(
  services: SubmissionServices,
  { batch, spec }: SubmitRequest,
  { firstJob, firstShard }: Pick<BatchUpdate, 'firstJob' | 'firstShard'>,
): Promise<CompiledBatch> {
  const dependsOnEarlier = spec.jobs.some((job) => job.earlierParents.length > 0 || readsEarlier(job))
  const numbering = { firstJob, firstShard, maxShardJobs: services.maxShardJobs }
  if (!dependsOnEarlier) return compileSpec(spec, numbering)
  checkEarlierParents(batch, spec, firstJob - 1)
  const shards = await readShards(services.store, batch)
  return compileSpec(spec, { ...numbering, shardOfJob: shardLocator(shards) })
}

function withUpdate(record: BatchRecord, request: SubmitRequest, compiled: CompiledBatch) {
  const update: BatchUpdate = {
    token: request.token,
    ...nextNumbers(record),
    jobs: compiled.jobs,
    shards: compiled.chunks.length,
    planHash: compiled.planHash,
    isCommitted: false,
    isStartSent: false,
    attachesTo: compiled.attached.map(({ shard }) => shard),
  }
  const reserved: BatchRecord = {
    ...record,
    version: record.version + 1,
    updates: [...record.updates, update],
    ...scratchAfter(record, request),
  }
  return { record: reserved, update }
}

/** Files that one run has asked to keep stay, whatever a later run asks. */
function scratchAfter(record: BatchRecord, request: SubmitRequest): Pick<BatchRecord, 'deleteScratch' | 'scratch'> {
  const deleteScratch = record.deleteScratch && request.deleteScratch
  if (deleteScratch && request.holdsScratch) return { deleteScratch, scratch: 'held' }
  return { deleteScratch, scratch: deleteScratch ? record.scratch : 'kept' }
}
