import pRetry from 'p-retry'
import { isTransient } from './gcs-errors.ts'

/** For streams, which the library does not begin anew. Bytes that do not match their checksum are read or sent again, too. */
export function retrying<T>(action: () => Promise<T>): Promise<T> {
  return pRetry(action, {
    retries: 6,
    minTimeout: 250,
    maxTimeout: 20_000,
    shouldRetry: ({ error }) => isTransient(error),
  })
}

/** Bytes were damaged on their way. */
export class DamagedBytesError extends Error {
  override readonly name = 'DamagedBytesError'
  readonly code = 'CONTENT_DOWNLOAD_MISMATCH'
  constructor(uri: string, expected: string, found: string) {
    super(`${uri} has the checksum ${expected}, and the bytes that arrived have ${found}`)
  }
}
