import type { CompiledBatch } from '../compile/compiled-batch.ts'
import { commitBatchEvent } from '../engine/commit-record.ts'
import { openBatch } from './open-batch.ts'
import { pokeBatch } from './poke-batch.ts'
import { RefusedByBatch } from './refused-by-batch.ts'
import { reserveUpdate } from './reserve-update.ts'
import type { SubmissionServices } from './submission-services.ts'
import type { SubmitRequest } from './submit-request.ts'
import { writePlan } from './write-plan.ts'
import { writeTexts } from './write-texts.ts'

/** Jobs that are durable. */
export interface Submitted extends CompiledBatch {
  /** The number of the first of them. */
  readonly firstJob: number
}

/**
 * Makes jobs durable and lets them begin. The record comes first and the flip last, so that a program that dies in
 * between leaves nothing visible, and one that comes again with the same token goes on where it stopped.
 *
 * @throws InvalidBatchError if the token belongs to other jobs, or the batch takes no more
 */
export async function submitBatch(services: SubmissionServices, request: SubmitRequest): Promise<Submitted> {
  const reservation = request.isUpdate ? await reserveUpdate(services, request) : await openBatch(services, request)
  const { compiled, update } = reservation
  if (!update.isCommitted) {
    await request.upload?.()
    await writeTexts(services, reservation.record.root, request.spec.texts)
    await writePlan(services, reservation)
    await commit(services, request)
  }
  await pokeBatch(services, reservation.record)
  return { ...compiled, firstJob: update.firstJob }
}

async function commit(services: SubmissionServices, { batch, token }: SubmitRequest): Promise<void> {
  const record = await commitBatchEvent(services, batch, { type: 'updateCommitted', token })
  const update = record?.updates.find((candidate) => candidate.token === token)
  if (update?.isCommitted === true) return
  throw new RefusedByBatch({
    message: `Batch ${batch} was ${record === undefined ? 'deleted' : 'cancelled'} while its jobs were submitted; run a new batch`,
  })
}
