import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type ByteRange, parseRange } from './content-range.ts'
import { bucketOf, type Exchange, parameterOf, sendObject } from './exchange.ts'
import { etagOf } from './object-resource.ts'
import { check, integerOf, preconditionsOf } from './preconditions.ts'
import type { StoredObject } from './stored-object.ts'

/** Up to here a download is one read and one write. */
const SMALL_BYTES = 256 * 1024

/** `GET …/o/{object}`: what is known of it, or with `alt=media` its bytes. */
export async function getObject(exchange: Exchange): Promise<void> {
  if (exchange.query.get('alt') === 'media') return downloadObject(exchange)
  const bucket = bucketOf(exchange)
  const object = bucket.get(parameterOf(exchange, 'object'), integerOf(exchange.query, 'generation'))
  check(object, preconditionsOf(exchange.query), 'read')
  sendObject(exchange, bucket, object)
}

export async function downloadObject(exchange: Exchange): Promise<void> {
  const { query, request } = exchange
  const name = parameterOf(exchange, 'object')
  const { object, file } = await bucketOf(exchange).openObject(name, integerOf(query, 'generation'))
  try {
    check(object, preconditionsOf(query), 'read')
    if (mustDecompress(exchange, object)) return await sendDecompressed(exchange, object, file)
    await sendRange(exchange, object, file, parseRange(request.headers.range, object.sizeBytes))
  } finally {
    await file.close()
  }
}

async function sendRange(exchange: Exchange, object: StoredObject, file: FileHandle, range?: ByteRange): Promise<void> {
  const { response } = exchange
  const { start, end } = range ?? { start: 0, end: object.sizeBytes }
  response.writeHead(range === undefined ? 200 : 206, {
    ...headersOf(object),
    'content-length': end - start,
    ...(object.fields.contentEncoding !== undefined && { 'content-encoding': object.fields.contentEncoding }),
    ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${object.sizeBytes}` }),
  })
  if (end - start > SMALL_BYTES) {
    return pipeline(
      file.createReadStream({ start, end: end - 1, autoClose: false, highWaterMark: SMALL_BYTES }),
      response,
    )
  }
  const bytes = Buffer.allocUnsafe(end - start)
  if (bytes.length > 0) await file.read(bytes, 0, bytes.length, start)
  response.end(bytes)
}

/** Cloud Storage unpacks for a client that does not say it can. https://cloud.google.com/storage/docs/transcoding (2026-11) */
function mustDecompress({ request }: Exchange, { fields }: StoredObject): boolean {
  return fields.contentEncoding === 'gzip' && !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
}

async function sendDecompressed({ response }: Exchange, object: StoredObject, file: FileHandle): Promise<void> {
  response.writeHead(200, headersOf(object))
  await pipeline(file.createReadStream({ autoClose: false }), createGunzip(), response)
}

function headersOf(object: StoredObject): Record<string, string> {
  const { contentType, contentEncoding, cacheControl, contentDisposition } = object.fields
  const sums = [`crc32c=${object.crc32c}`, ...(object.md5Hash === undefined ? [] : [`md5=${object.md5Hash}`])]
  return {
    'content-type': contentType ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: etagOf(object),
    'last-modified': new Date(object.updatedAt).toUTCString(),
    'x-goog-generation': String(object.generation),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-hash': sums.join(','),
    'x-goog-stored-content-length': String(object.sizeBytes),
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    ...(cacheControl !== undefined && { 'cache-control': cacheControl }),
    ...(contentDisposition !== undefined && { 'content-disposition': contentDisposition }),
  }
}
