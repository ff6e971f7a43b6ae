import { compareUtf8 } from 'graupel/storage'
import type { Bucket } from './bucket.ts'
import { bucketOf, type Exchange, sendJson } from './exchange.ts'
import { GoogleError } from './google-error.ts'
import { objectResource } from './object-resource.ts'
import { integerOf } from './preconditions.ts'
import type { StoredObject } from './stored-object.ts'

const MAXIMAL_PAGE = 1000

interface Listing {
  readonly objects: StoredObject[]
  readonly prefixes: string[]
  /** The first name or prefix of the next page. */
  readonly next: string | undefined
}

/** `GET …/o`: names in the order of their bytes, those of one "folder" as one prefix if a delimiter is given. */
export async function listObjects(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange)
  const { objects, prefixes, next } = list(bucket, exchange.query)
  sendJson(exchange, {
    kind: 'storage#objects',
    ...(next !== undefined && { nextPageToken: Buffer.from(next).toString('base64url') }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(objects.length > 0 && { items: objects.map((object) => objectResource(exchange.origin, bucket, object)) }),
  })
}

function list(bucket: Bucket, query: URLSearchParams): Listing {
  if (query.has('matchGlob'))
    throw new GoogleError(501, 'notImplemented', 'matchGlob is not served here: use a prefix.')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const limit = Math.min(integerOf(query, 'maxResults') ?? MAXIMAL_PAGE, MAXIMAL_PAGE)
  const objects: StoredObject[] = []
  const prefixes: string[] = []
  let name = bucket.names.notBefore(firstName(query))
  while (name?.startsWith(prefix) && !isAtEnd(name, query)) {
    const folder = folderOf(name, prefix, delimiter)
    if (objects.length + prefixes.length === limit) return { objects, prefixes, next: name }
    if (folder === undefined) objects.push(bucket.get(name))
    else prefixes.push(folder)
    name = folder === undefined ? bucket.names.after(name) : bucket.names.afterPrefix(folder)
  }
  return { objects, prefixes, next: undefined }
}

/** The greatest of the prefix, the start asked for, and where the page before ended. */
function firstName(query: URLSearchParams): string {
  const token = Buffer.from(query.get('pageToken') ?? '', 'base64url').toString()
  const starts = [query.get('prefix') ?? '', query.get('startOffset') ?? '', token]
  return starts.reduce((greatest, start) => (compareUtf8(start, greatest) > 0 ? start : greatest))
}

function isAtEnd(name: string, query: URLSearchParams): boolean {
  const end = query.get('endOffset')
  return end !== null && compareUtf8(name, end) >= 0
}

function folderOf(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const at = name.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : name.slice(0, at + delimiter.length)
}
