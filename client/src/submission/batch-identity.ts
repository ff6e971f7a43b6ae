import { createHash, randomInt } from 'node:crypto'
import { type BatchId, batchId } from '../model/index.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
const idLength = 16

/** A batch id that nobody can guess and that sorts nowhere: 16 letters and digits. */
export function newBatchId(): BatchId {
  return batchId(Array.from({ length: idLength }, () => alphabet[randomInt(alphabet.length)]).join(''))
}

/** The same token of the same user is the same batch, wherever and whenever it is submitted. */
export function batchIdOfToken(user: string, token: string): BatchId {
  const digest = createHash('sha256')
    .update(JSON.stringify([user, token]))
    .digest()
  return batchId([...digest.subarray(0, 24)].map((byte) => alphabet[byte % alphabet.length]).join(''))
}

/** A token for a submission that was given none. */
export const newToken = (): string => newBatchId()
