import { GoogleError, invalidRequest } from './google-error.ts'

/** What one request of a resumable upload says it brings. `total` is unknown until the last chunk may be. */
export type UploadRange =
  | { readonly kind: 'query'; readonly total: number | undefined }
  /** `end`: the byte after the last one of this chunk; `undefined`: all there is. */
  | {
      readonly kind: 'bytes'
      readonly start: number
      readonly end: number | undefined
      readonly total: number | undefined
    }

export function parseContentRange(header: string | undefined): UploadRange {
  if (header === undefined) return { kind: 'bytes', start: 0, end: undefined, total: undefined }
  const match = /^bytes (?:(\*)|(\d+)-(\*|-?\d*))\/(\*|\d+)$/.exec(header)
  if (match === null) throw invalidRequest(`Failed to parse Content-Range header: ${header}`)
  const [, query, start, last, size] = match
  const total = size === '*' ? undefined : Number(size)
  if (query !== undefined) return { kind: 'query', total }
  return { kind: 'bytes', start: Number(start), end: last === '*' || last === '' ? undefined : Number(last) + 1, total }
}

export interface ByteRange {
  readonly start: number
  /** The byte after the last one. */
  readonly end: number
}

/** The part of a download that a `Range` header asks for; `undefined`: all. @throws GoogleError 416 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1)
  if (start >= sizeBytes)
    throw new GoogleError(416, 'requestedRangeNotSatisfiable', 'The requested range cannot be satisfied.')
  return end > start ? { start, end } : undefined
}
