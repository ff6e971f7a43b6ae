import { deleteObject, patchObject, replaceObjectFields } from './change-object.ts'
import { composeObject } from './compose-object.ts'
import { cancelUpload, continueUpload } from './continue-upload.ts'
import { copyObject, rewriteObject } from './copy-object.ts'
import { downloadObject, getObject } from './download-object.ts'
import type { Exchange } from './exchange.ts'
import { GoogleError, invalidRequest } from './google-error.ts'
import { listObjects } from './list-objects.ts'
import { deleteBucket, getBucket, insertBucket, listBuckets, patchBucket } from './serve-buckets.ts'
import { uploadObject } from './upload-object.ts'

type Handler = (exchange: Exchange) => Promise<void>

/** https://cloud.google.com/storage/docs/json_api/v1 (2026-11). What is not here is answered by 501. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET b': listBuckets,
  'POST b': insertBucket,
  'GET b/:bucket': getBucket,
  'PATCH b/:bucket': patchBucket,
  'DELETE b/:bucket': deleteBucket,
  'GET b/:bucket/o': listObjects,
  'GET b/:bucket/o/:object': getObject,
  'PATCH b/:bucket/o/:object': patchObject,
  'PUT b/:bucket/o/:object': replaceObjectFields,
  'DELETE b/:bucket/o/:object': deleteObject,
  'POST b/:bucket/o/:object/compose': composeObject,
  'POST b/:bucket/o/:object/copyTo/b/:targetBucket/o/:target': copyObject,
  'POST b/:bucket/o/:object/rewriteTo/b/:targetBucket/o/:target': rewriteObject,
  'GET download b/:bucket/o/:object': downloadObject,
  'POST upload b/:bucket/o': uploadObject,
  'PUT upload b/:bucket/o': continueUpload,
  'DELETE upload b/:bucket/o': cancelUpload,
}

interface Route {
  readonly segments: readonly string[]
  readonly handle: Handler
}

/** Routes by method and number of segments, of which there are few each. */
const ROUTES_BY_SHAPE = Map.groupBy(Object.entries(ROUTES).map(toRoute), ({ shape }) => shape)

function toRoute([key, handle]: [string, Handler]): Route & { shape: string } {
  const segments = key.slice(key.lastIndexOf(' ') + 1).split('/')
  return { segments, handle, shape: `${key.slice(0, key.lastIndexOf(' '))} ${segments.length}` }
}

export interface MatchedRoute {
  readonly handle: Handler
  readonly parameters: Readonly<Record<string, string>>
}

/** `path` is still percent-encoded: a slash in an object's name is not one of the path's. */
export function matchRoute(method: string, path: string): MatchedRoute {
  const match = /^\/(?:(upload|download)\/)?(?:storage\/v1\/)?(b(?:\/.*)?)$/.exec(path)
  const segments = (match?.[2] ?? '').replace(/\/$/, '').split('/')
  const kind = match?.[1] === undefined ? method : `${method} ${match[1]}`
  for (const route of ROUTES_BY_SHAPE.get(`${kind} ${segments.length}`) ?? []) {
    const isMatch = route.segments.every((wanted, at) => wanted.startsWith(':') || wanted === segments[at])
    if (isMatch) return { handle: route.handle, parameters: parametersOf(route.segments, segments) }
  }
  throw new GoogleError(501, 'notImplemented', `${method} ${path} is not served here.`)
}

function parametersOf(wanted: readonly string[], segments: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {}
  wanted.forEach((name, at) => {
    if (name.startsWith(':')) parameters[name.slice(1)] = decode(segments[at] ?? '')
  })
  return parameters
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw invalidRequest(`The path segment ${segment} is not valid UTF-8.`)
  }
}
