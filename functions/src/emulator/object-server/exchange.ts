import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { z } from 'zod'
import type { Bucket } from './bucket.ts'
import type { BucketRegistry } from './bucket-registry.ts'
import { GoogleError, invalidRequest } from './google-error.ts'
import { objectResource } from './object-resource.ts'
import type { ResumableUploads } from './resumable-uploads.ts'
import type { StoredObject } from './stored-object.ts'

/** What the server is made of. */
export interface ObjectServerState {
  readonly buckets: BucketRegistry
  readonly uploads: ResumableUploads
}

/** One request and its answer. */
export interface Exchange extends ObjectServerState {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** `http://host:port`, as the client knows this server. */
  readonly origin: string
  readonly query: URLSearchParams
  /** The variable parts of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * https://cloud.google.com/storage/docs/requester-pays (2026-11)
 *
 * @throws GoogleError 404 if there is no such bucket, 400 if requests to it must name who pays and this one does not
 */
export function bucketOf(exchange: Exchange, parameter = 'bucket'): Bucket {
  const bucket = exchange.buckets.get(parameterOf(exchange, parameter))
  const payer = exchange.query.get('userProject') ?? exchange.request.headers['x-goog-user-project']
  if (!bucket.requesterPays || (payer !== undefined && payer !== '')) return bucket
  throw new GoogleError(400, 'required', 'Bucket is a requester pays bucket but no user project provided.')
}

export function parameterOf({ parameters }: Exchange, name: string): string {
  const value = parameters[name]
  if (value === undefined) throw new Error(`this route has no parameter ${name}`)
  return value
}

/** The request's JSON; an empty body is an empty object. */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const isEmpty = request.headers['content-length'] === '0' || !hasBody(request)
  const body: unknown = isEmpty ? {} : await json(request).catch(() => undefined)
  return parseJson(body, schema)
}

export function parseJson<T>(body: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw invalidRequest(`Invalid JSON body: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

export function sendJson({ response }: Exchange, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

export function sendObject(exchange: Exchange, bucket: Bucket, object: StoredObject): void {
  sendJson(exchange, objectResource(exchange.origin, bucket, object))
}
