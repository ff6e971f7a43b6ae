import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Bucket, File, FileMetadata } from '@google-cloud/storage'
import type { LimitFunction } from 'p-limit'
import { combineCrc32c, type SummedPart } from './combine-crc32c.ts'
import { Crc32c, crc32cOf } from './crc32c.ts'
import { DamagedBytesError, retrying } from './gcs-retry.ts'
import { settleAll } from './settle-all.ts'

/** From here on an upload goes in several requests and survives a broken connection. */
export const RESUMABLE_FROM_BYTES = 8 << 20

/** From here on a file goes up in parts, side by side. */
const PARTS_FROM_BYTES = 64 << 20
const LEAST_PART_BYTES = 16 << 20

/** What one request can put together. https://cloud.google.com/storage/docs/composite-objects (2026-11) */
const MOST_PARTS = 32

export interface GcsTarget {
  readonly uri: string
  readonly bucket: Bucket
  readonly name: string
  readonly precondition: { readonly ifGenerationMatch?: string }
  /** The user's own fields of the object. */
  readonly custom?: Readonly<Record<string, string>> | undefined
  /** Bounds the requests of all uploads together. */
  readonly limit: LimitFunction
}

interface Part {
  readonly start: number
  /** First byte no longer in it. */
  readonly end: number
}

/** Stores a local file. Its checksum is known before it becomes an object, and compared after. */
export async function uploadToGcs(path: string, sizeBytes: number, target: GcsTarget): Promise<FileMetadata> {
  if (sizeBytes < RESUMABLE_FROM_BYTES) return target.limit(() => uploadBytes(path, target))
  const parts = partsOf(sizeBytes)
  // What is put together has no fields of the user's, and to add them would be a change of the object, seen by others.
  return parts.length === 1 || target.custom !== undefined
    ? target.limit(() => uploadWhole(path, sizeBytes, target))
    : uploadParts(path, parts, target)
}

async function uploadBytes(path: string, { bucket, name, custom, precondition }: GcsTarget): Promise<FileMetadata> {
  const bytes = await readFile(path)
  const file = bucket.file(name)
  const metadata = { crc32c: crc32cOf(bytes), ...fieldsOf(custom) }
  await file.save(bytes, { resumable: false, validation: false, metadata, preconditionOpts: precondition })
  return file.metadata
}

async function uploadWhole(path: string, sizeBytes: number, target: GcsTarget): Promise<FileMetadata> {
  const { crc32c } = await sumOf(path, { start: 0, end: sizeBytes })
  const file = target.bucket.file(target.name)
  const metadata = { crc32c, contentLength: sizeBytes, ...fieldsOf(target.custom) }
  const open = () =>
    file.createWriteStream({ resumable: true, validation: false, metadata, preconditionOpts: target.precondition })
  await retrying(() => pipeline(createReadStream(path), open()))
  return file.metadata
}

const fieldsOf = (custom: GcsTarget['custom']) => (custom === undefined ? {} : { metadata: custom })

export function partsOf(sizeBytes: number): Part[] {
  if (sizeBytes < PARTS_FROM_BYTES) return [{ start: 0, end: sizeBytes }]
  const partBytes = Math.max(LEAST_PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS))
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => ({
    start: index * partBytes,
    end: Math.min((index + 1) * partBytes, sizeBytes),
  }))
}

/** Parts are objects of their own for a while. Nobody sees the whole before all of them are there. */
async function uploadParts(path: string, parts: readonly Part[], target: GcsTarget): Promise<FileMetadata> {
  const { bucket, limit, name, precondition, uri } = target
  const stem = `${name.slice(0, name.lastIndexOf('/') + 1)}.graupel-${randomUUID()}`
  const files = parts.map((_, index) => bucket.file(`${stem}-${index}`))
  try {
    const sums = await settleAll(
      parts.map((part, index) => limit(() => retrying(() => uploadPart(path, part, bucket.file(`${stem}-${index}`))))),
    )
    const whole = bucket.file(name)
    const [, response] = await bucket.combine(files, whole, precondition)
    const metadata = metadataOf(response)
    const expected = combineCrc32c(sums)
    if (metadata.crc32c !== expected) throw new DamagedBytesError(uri, expected, String(metadata.crc32c))
    return metadata
  } finally {
    await Promise.all(files.map((file) => limit(() => file.delete({ ignoreNotFound: true }).catch(() => undefined))))
  }
}

/** Read once: the part is compared after it went up, where nobody looks yet. */
async function uploadPart(path: string, part: Part, file: File): Promise<SummedPart> {
  const checksum = new Crc32c()
  const summing = new PassThrough({
    transform: (piece: Uint8Array, _encoding, done) => {
      checksum.update(piece)
      done(null, piece)
    },
  })
  const upload = file.createWriteStream({ resumable: true, validation: false })
  await pipeline(
    createReadStream(path, { start: part.start, end: part.end - 1, highWaterMark: 1 << 20 }),
    summing,
    upload,
  )
  const crc32c = checksum.toBase64()
  if (file.metadata.crc32c !== crc32c) throw new DamagedBytesError(file.name, crc32c, String(file.metadata.crc32c))
  return { sizeBytes: part.end - part.start, crc32c }
}

async function sumOf(path: string, { start, end }: Part): Promise<SummedPart> {
  const checksum = new Crc32c()
  for await (const piece of createReadStream(path, { start, end: end - 1, highWaterMark: 1 << 20 }))
    checksum.update(piece)
  return { sizeBytes: end - start, crc32c: checksum.toBase64() }
}

/** The library does not say of what kind its answer is. */
function metadataOf(response: unknown): FileMetadata {
  const { generation, size, crc32c } = Object(response)
  return { generation, size, crc32c }
}
