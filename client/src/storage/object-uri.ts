import { isAbsolute } from 'node:path'

/** No object can have this name: another try changes nothing. */
export class ObjectNameError extends Error {
  override readonly name = 'ObjectNameError'
}

/** The part before `://`, in lower case. @throws if `uri` has none */
export function schemeOf(uri: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)
  if (match?.[1] === undefined) {
    throw new ObjectNameError(`${JSON.stringify(uri)} is not an object's URI: write gs://bucket/name or file:///path`)
  }
  return match[1].toLowerCase()
}

/**
 * The path in a `file://` URI. It stands there as it is, not percent-encoded, so that names can be joined to a root as
 * text, the same as for `gs://`.
 */
export function filePathOf(uri: string): string {
  const path = schemeOf(uri) === 'file' ? uri.slice('file://'.length) : ''
  if (!isAbsolute(path))
    throw new ObjectNameError(`${JSON.stringify(uri)} is not a file's URI: write file:///absolute/path`)
  if (path.includes('\0'))
    throw new ObjectNameError(`${JSON.stringify(uri)} contains a zero byte, which no file name can`)
  return path
}

/** The `file://` URI of an absolute path. */
export function fileUriOf(path: string): string {
  return `file://${path}`
}

export interface CloudName {
  readonly bucket: string
  readonly name: string
}

/** Splits `gs://bucket/name`; the name may be empty, as in a prefix. */
export function cloudNameOf(uri: string): CloudName {
  const match = /^gs:\/\/([^/]+)(?:\/([\s\S]*))?$/i.exec(uri)
  if (match?.[1] === undefined)
    throw new ObjectNameError(`${JSON.stringify(uri)} is not in Cloud Storage: write gs://bucket/name`)
  return { bucket: match[1], name: match[2] ?? '' }
}

/**
 * Like `cloudNameOf`, for one object. Refuses what Cloud Storage refuses, before anything is sent.
 * https://cloud.google.com/storage/docs/objects#naming (2026-11)
 */
export function cloudObjectOf(uri: string): CloudName {
  const parsed = cloudNameOf(uri)
  const problem = problemOfObjectName(parsed.name)
  if (problem !== undefined) throw new ObjectNameError(`${JSON.stringify(uri)}: ${problem}; rename the file`)
  return parsed
}

/** Why Cloud Storage takes no object of this name, or `undefined`. */
export function problemOfObjectName(name: string): string | undefined {
  if (name === '') return 'the name of an object is not empty'
  if (name === '.' || name === '..') return 'an object cannot be named . or ..'
  if (/[\r\n]/.test(name)) return "an object's name in Cloud Storage has no line break"
  if (Buffer.byteLength(name) > 1024) return "an object's name in Cloud Storage has at most 1,024 bytes"
  return undefined
}
