import { hasCode } from './file-errors.ts'
import { ObjectNotFoundError, PreconditionFailedError } from './object-store.ts'

/** No such object, generation or bucket. */
export function isNotFound(error: unknown): boolean {
  return hasCode(error, 404)
}

export function isPreconditionFailed(error: unknown): boolean {
  return hasCode(error, 412)
}

/** The range begins at or after the object's end. */
export function isRangeBeyondEnd(error: unknown): boolean {
  return hasCode(error, 416)
}

const TRANSIENT_CODES: readonly (string | number)[] = [
  ...[408, 429, 500, 502, 503, 504],
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE'],
  'CONTENT_DOWNLOAD_MISMATCH',
]

/** Worth another try: the cloud's fault or the network's, not the request's. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT_CODES.some((code) => hasCode(error, code) || hasCode(error, String(code)))
}

/** The port's errors for those of the client library; others pass. */
export function toObjectError(error: unknown, uri: string): unknown {
  if (isNotFound(error)) return new ObjectNotFoundError(uri, { cause: error })
  if (isPreconditionFailed(error)) return new PreconditionFailedError(uri, { cause: error })
  return error
}
