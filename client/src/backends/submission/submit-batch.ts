import type { BatchSpec } from '../../compile/batch-spec.ts'
import type { CompiledBatch } from '../../compile/compiled-batch.ts'
import { commitBatchEvent } from '../../engine/commit-record.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { BatchId, BatchRecord, BatchUpdate } from '../../model/index.ts'
import type { Home } from '../home.ts'
import { openBatch } from './open-batch.ts'
import { pokeBatch } from './poke-batch.ts'
import { reserveUpdate } from './reserve-update.ts'
import { writePlan } from './write-plan.ts'

/** Jobs to submit, and what the batch is told about them. */
export interface SubmitRequest {
  readonly batch: BatchId
  /** The batch is there already: these jobs are added to it. */
  readonly isUpdate: boolean
  /** Makes a repeated submission find the first one. */
  readonly token: string
  readonly spec: BatchSpec
  readonly callback: string | undefined
  readonly deleteScratch: boolean
  /** The program copies files out of the batch's folder before that may go. */
  readonly holdsScratch: boolean
  /** Brings local files to the batch's folder. Not called if the jobs are submitted already. */
  readonly upload?: (() => Promise<void>) | undefined
}

/** A place in the batch for the request's jobs, which nobody sees before it is committed. */
export interface Reservation {
  readonly record: BatchRecord
  readonly update: BatchUpdate
  readonly compiled: CompiledBatch
}

/**
 * Makes jobs durable and lets them begin. The record comes first and the flip last, so that a program that dies in
 * between leaves nothing visible, and one that comes again with the same token goes on where it stopped.
 *
 * @throws InvalidBatchError if the token belongs to other jobs, or the batch takes no more
 */
export async function submitBatch(home: Home, request: SubmitRequest): Promise<CompiledBatch> {
  const reservation = request.isUpdate ? await reserveUpdate(home, request) : await openBatch(home, request)
  const { compiled, update } = reservation
  if (!update.isCommitted) {
    await request.upload?.()
    await writePlan(home, reservation)
    await commit(home, request)
  }
  await pokeBatch(home, reservation.record)
  return compiled
}

async function commit(home: Home, { batch, token }: SubmitRequest): Promise<void> {
  const record = await commitBatchEvent(home, batch, { type: 'updateCommitted', token })
  const update = record?.updates.find((candidate) => candidate.token === token)
  if (update?.isCommitted === true) return
  throw new InvalidBatchError({
    message: `Batch ${batch} was ${record === undefined ? 'deleted' : 'cancelled'} while its jobs were submitted; run a new batch`,
  })
}
