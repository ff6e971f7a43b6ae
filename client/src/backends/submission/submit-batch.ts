import type { CompiledBatch } from '../../compile/compiled-batch.ts'
import { commitBatchEvent } from '../../engine/commit-record.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { Home } from '../home.ts'
import { openBatch } from './open-batch.ts'
import { pokeBatch } from './poke-batch.ts'
import { reserveUpdate } from './reserve-update.ts'
import type { SubmitRequest } from './submit-request.ts'
import { writePlan } from './write-plan.ts'

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
