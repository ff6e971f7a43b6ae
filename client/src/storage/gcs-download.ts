import { type FileHandle, open } from 'node:fs/promises'
import type { Bucket } from '@google-cloud/storage'
import type { LimitFunction } from 'p-limit'
import { combineCrc32c, type SummedPart } from './combine-crc32c.ts'
import { Crc32c } from './crc32c.ts'
import { isNotFound, isRangeBeyondEnd } from './gcs-errors.ts'
import { openObject } from './gcs-read.ts'
import { DamagedBytesError, retrying } from './gcs-retry.ts'
import { settleAll } from './settle-all.ts'

/** What one request brings at most, and what is brought again when it breaks off. */
const RANGE_BYTES = 16 << 20

/** An object whose bytes arrive damaged, or that is replaced while it is read, is read anew so often. */
const TRIES = 4

export interface GcsSource {
  readonly uri: string
  readonly bucket: Bucket
  readonly name: string
  /** Absent: whatever is there. */
  readonly generation?: string | undefined
  /** Bounds the requests of all downloads together. */
  readonly limit: LimitFunction
}

interface Head {
  readonly sizeBytes: number
  readonly generation: string
  readonly crc32c: string
}

/** Puts the object at `path`: ranges side by side, all of one generation, and checked together against its checksum. */
export async function downloadGcsObject(source: GcsSource, path: string): Promise<void> {
  await using target = await open(path, 'w')
  for (let attempt = 1; ; attempt++) {
    try {
      return await downloadOnce(source, target)
    } catch (error) {
      if (attempt === TRIES || !mayHelp(source, error)) throw error
    }
  }
}

const mayHelp = ({ generation }: GcsSource, error: unknown): boolean =>
  error instanceof DamagedBytesError || (error instanceof GoneMidwayError && generation === undefined)

/** The generation that was begun is not there any more; a reader who asked for none gets the next one. */
class GoneMidwayError extends Error {
  override readonly name = 'GoneMidwayError'
  readonly code = 404
}

async function downloadOnce(source: GcsSource, target: FileHandle): Promise<void> {
  await target.truncate(0)
  const first = await source.limit(() => retrying(() => fetchFirst(source, target)))
  if (first === undefined) return
  const { head } = first
  const ranges = rangesAfterFirst(head.sizeBytes).map((start) =>
    source.limit(() => retrying(() => fetchRange(source, target, { start, head }))),
  )
  const rest = await settleAll(ranges).catch((error) => {
    throw isNotFound(error) ? new GoneMidwayError(error.message, { cause: error }) : error
  })
  const found = combineCrc32c([first.part, ...rest])
  if (head.crc32c !== '' && found !== head.crc32c) throw new DamagedBytesError(source.uri, head.crc32c, found)
}

function rangesAfterFirst(sizeBytes: number): number[] {
  const count = Math.max(0, Math.ceil(sizeBytes / RANGE_BYTES) - 1)
  return Array.from({ length: count }, (_, index) => (index + 1) * RANGE_BYTES)
}

/** Most objects are no larger, and need no other request. `undefined`: the object is empty. */
async function fetchFirst(
  { bucket, name, generation }: GcsSource,
  target: FileHandle,
): Promise<{ head: Head; part: SummedPart } | undefined> {
  const file = bucket.file(name, generation === undefined ? {} : { generation })
  const stream = openObject(file, { start: 0, end: RANGE_BYTES - 1 })
  let head: Head | undefined
  stream.on('response', (response: unknown) => {
    head = headOf(response)
  })
  try {
    const part = await drain(stream, target, 0)
    if (head === undefined) throw new Error(`the answer about ${name} has no headers`)
    expectBytes(part, Math.min(RANGE_BYTES, head.sizeBytes))
    return { head, part }
  } catch (error) {
    if (isRangeBeyondEnd(error)) return undefined
    throw error
  }
}

async function fetchRange(
  { bucket, name }: GcsSource,
  target: FileHandle,
  { start, head }: { readonly start: number; readonly head: Head },
): Promise<SummedPart> {
  const end = Math.min(start + RANGE_BYTES, head.sizeBytes)
  const file = bucket.file(name, { generation: head.generation })
  const part = await drain(openObject(file, { start, end: end - 1 }), target, start)
  expectBytes(part, end - start)
  return part
}

async function drain(stream: AsyncIterable<Uint8Array>, target: FileHandle, start: number): Promise<SummedPart> {
  const checksum = new Crc32c()
  let sizeBytes = 0
  for await (const piece of stream) {
    checksum.update(piece)
    await writeAll(target, piece, start + sizeBytes)
    sizeBytes += piece.length
  }
  return { sizeBytes, crc32c: checksum.toBase64() }
}

async function writeAll(target: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < piece.length) {
    const { bytesWritten } = await target.write(piece, written, piece.length - written, position + written)
    written += bytesWritten
  }
}

/** An answer that was cut is no error of the library's. */
function expectBytes({ sizeBytes }: SummedPart, expected: number): void {
  if (sizeBytes === expected) return
  const message = `the answer ended after ${sizeBytes} of ${expected} bytes`
  throw Object.assign(new Error(message), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
}

function headOf(response: unknown): Head {
  const headers: Readonly<Record<string, unknown>> = Object(Object(response).headers)
  const total = /\/(\d+)$/.exec(String(headers['content-range']))?.[1] ?? headers['content-length']
  const crc32c = /(?:^|,)\s*crc32c=([^,]+)/.exec(String(headers['x-goog-hash'] ?? ''))?.[1] ?? ''
  return { sizeBytes: Number(total), generation: String(headers['x-goog-generation']), crc32c }
}
