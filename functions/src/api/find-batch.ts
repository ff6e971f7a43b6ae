import { type Clock, type JobSummary, readBatch, readJob, type Store } from 'graupel/engine'
import { type BatchRecord, batchIdSchema, isDeleted } from 'graupel/model'
import { HTTPException } from 'hono/http-exception'

/** @throws HTTPException 404 if there is no such batch, or it is being deleted */
export async function findBatch(store: Store, id: string): Promise<BatchRecord> {
  const parsed = batchIdSchema.safeParse(id)
  const stored = parsed.success ? await readBatch(store, parsed.data) : undefined
  if (stored === undefined || isDeleted(stored.record))
    throw new HTTPException(404, { message: `there is no batch ${id}` })
  return stored.record
}

/** The number of a job in a path. */
export function jobNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new HTTPException(400, { message: `'${text}' is not the number of a job: jobs are 1, 2, …` })
}

export interface JobAddress {
  readonly batch: string
  readonly job: string
}

/** @throws HTTPException 404 */
export async function findJob(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  address: JobAddress,
): Promise<{ record: BatchRecord; job: JobSummary }> {
  const record = await findBatch(store, address.batch)
  const job = await readJob(store, record.id, jobNumber(address.job), clock.now())
  if (job !== undefined) return { record, job }
  throw new HTTPException(404, { message: `batch ${record.id} has no job ${address.job}` })
}
