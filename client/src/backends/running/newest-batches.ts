import { summariseBatch } from '../../engine/batch-statuses.ts'
import type { Store } from '../../engine/ports.ts'
import { decodeBatch } from '../../engine/records.ts'
import { isDeleted } from '../../model/index.ts'
import type { BatchStatus } from '../batch-status.ts'
import { toBatchStatus } from './public-status.ts'

/** Up to `limit` batches of all users, the newest first, at `now`. Those that are being deleted are left out. */
export async function readNewestBatches(store: Store, limit: number, now: number): Promise<BatchStatus[]> {
  const found = await store.query({ kind: 'newestBatches', limit })
  const records = found.map(({ document }) => decodeBatch(document)).filter((record) => !isDeleted(record))
  return Promise.all(records.map(async (record) => toBatchStatus(await summariseBatch(store, record, now))))
}
