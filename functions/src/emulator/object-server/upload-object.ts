import { BodyFile, receiveBody } from './body-file.ts'
import type { Bucket } from './bucket.ts'
import { bucketOf, type Exchange, parseJson, readJson, sendObject } from './exchange.ts'
import { invalidRequest } from './google-error.ts'
import { readRelatedParts } from './multipart-related.ts'
import type { Preconditions } from './preconditions.ts'
import { check, preconditionsOf } from './preconditions.ts'
import {
  objectFieldsSchema,
  type StoredBytes,
  type StoredObject,
  type UploadFields,
  uploadFieldsSchema,
} from './stored-object.ts'

/** `POST /upload/…/o`: bytes alone, bytes with metadata, or the start of an upload in several requests. */
export async function uploadObject(exchange: Exchange): Promise<void> {
  const type = exchange.query.get('uploadType')
  switch (type) {
    case 'media':
      return uploadMedia(exchange)
    case 'multipart':
      return uploadMultipart(exchange)
    case 'resumable':
      return startResumable(exchange)
    default:
      throw invalidRequest(`Invalid value for uploadType: ${type}`)
  }
}

async function uploadMedia(exchange: Exchange): Promise<void> {
  const { query, request } = exchange
  const fields = withHints(exchange, { contentType: request.headers['content-type'] })
  await store(exchange, bucketOf(exchange), nameOf(query, fields), fields, request)
}

async function uploadMultipart(exchange: Exchange): Promise<void> {
  const { query, request } = exchange
  const bucket = bucketOf(exchange)
  const parts = await readRelatedParts(request, request.headers['content-type'] ?? '')
  const given = parseJson(jsonOf(parts.metadata), uploadFieldsSchema)
  const fields = withHints(exchange, { ...given, contentType: given.contentType ?? parts.contentType })
  await store(exchange, bucket, nameOf(query, fields), fields, parts.body)
}

async function startResumable(exchange: Exchange): Promise<void> {
  const { query, request, response, origin } = exchange
  const bucket = bucketOf(exchange)
  const given = await readJson(request, uploadFieldsSchema)
  const announcedType = request.headers['x-upload-content-type']
  const contentType = given.contentType ?? (typeof announcedType === 'string' ? announcedType : undefined)
  const fields = withHints(exchange, { ...given, contentType })
  const name = nameOf(query, fields)
  const preconditions = preconditionsOf(query)
  check(bucket.find(name), preconditions, 'write')
  const { id } = exchange.uploads.start({ bucket, name, fields, preconditions })
  const location = `${origin}/upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&upload_id=${id}`
  response.writeHead(200, { location, 'x-guploader-uploadid': id, 'content-length': 0 }).end()
}

async function store(
  exchange: Exchange,
  bucket: Bucket,
  name: string,
  fields: UploadFields,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const data = bucket.newData()
  const bytes = await receiveBody(new BodyFile(data, bucket.pathOf(data)), pieces)
  sendObject(exchange, bucket, await createObject(bucket, name, fields, bytes, preconditionsOf(exchange.query)))
}

/** Checks the bytes against what the client said about them, then makes them the object. */
export async function createObject(
  bucket: Bucket,
  name: string,
  fields: UploadFields,
  bytes: StoredBytes,
  preconditions: Preconditions,
): Promise<StoredObject> {
  for (const sum of ['crc32c', 'md5Hash'] as const) {
    if (fields[sum] === undefined || fields[sum] === bytes[sum]) continue
    await bucket.discard(bytes.data)
    throw invalidRequest(`Provided ${sum} "${fields[sum]}" doesn't match calculated ${sum} "${bytes[sum]}".`)
  }
  return bucket.create(name, bytes, objectFieldsSchema.parse(fields), preconditions)
}

/** Checksums and the encoding may also come as headers and parameters. */
export function withHints({ query, request }: Exchange, fields: UploadFields): UploadFields {
  const sums = hashesOf(request.headers['x-goog-hash'])
  return {
    ...fields,
    contentEncoding: fields.contentEncoding ?? query.get('contentEncoding') ?? undefined,
    crc32c: fields.crc32c ?? sums.get('crc32c'),
    md5Hash: fields.md5Hash ?? sums.get('md5'),
  }
}

function hashesOf(header: string | string[] | undefined): Map<string, string> {
  const pairs = String(header ?? '')
    .split(',')
    .map((pair) => pair.trim())
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

function nameOf(query: URLSearchParams, fields: UploadFields): string {
  const name = query.get('name') ?? fields.name
  if (name === undefined) throw invalidRequest('Required: the name of the object')
  return name
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
