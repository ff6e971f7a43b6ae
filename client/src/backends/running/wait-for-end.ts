import { paths } from '../../engine/paths.ts'
import { decodeBatch } from '../../engine/records.ts'
import { BatchNotFoundError } from '../../errors/batch-not-found-error.ts'
import { type BatchId, type BatchRecord, isDeleted } from '../../model/index.ts'
import type { Home } from '../home.ts'
import { type WaitLimits, waitForDocument } from './wait-for-document.ts'

/**
 * Resolves with the batch's record once every job of it has ended.
 * @throws BatchNotFoundError if there is no such batch, or it is deleted meanwhile
 */
export function waitForEnd(home: Home, id: BatchId, limits: WaitLimits = {}): Promise<BatchRecord> {
  const find = (document: Parameters<typeof decodeBatch>[0] | undefined) => {
    const record = document === undefined ? undefined : decodeBatch(document)
    if (record === undefined || isDeleted(record)) throw new BatchNotFoundError({ id })
    return record.endedAt === undefined ? undefined : record
  }
  return waitForDocument(home, paths.batch(id), find, limits)
}
