import { homedir } from 'node:os'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasControlCharacter } from './check-settings.ts'

/**
 * A path in this machine's file system (relative ones start at the current directory, `~/` at home), or
 * `gs://bucket/name`; or a URL of either.
 *
 * @example `const path: PathLike = new URL('words.txt', import.meta.url)`
 */
export type PathLike = string | URL

/** Where a file or folder is: `file:///absolute/path`, not percent-encoded, or `gs://bucket/name`. */
export interface InputLocation {
  readonly uri: string
  readonly basename: string
}

const maxNameBytes = 255

function cloudUri(url: URL): string {
  return `gs://${url.host}${decodeURIComponent(url.pathname + url.search + url.hash)}`
}

/** The URI of a path, without a slash at its end. @throws Error whose message follows the path */
function toUri(path: PathLike): string {
  if (path instanceof URL && path.protocol === 'gs:') return cloudUri(path)
  if (path instanceof URL && path.protocol === 'file:') return `file://${fileURLToPath(path)}`
  const text = String(path)
  if (text.startsWith('gs://')) return text
  if (text.startsWith('file://')) return `file://${fileURLToPath(text)}`
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    throw new Error('cannot be reached: write a local path, or gs://bucket/name')
  const local = text === '~' || text.startsWith('~/') ? homedir() + text.slice(1) : text
  return `file://${resolve(local)}`
}

function checkPath(path: PathLike): void {
  if (typeof path !== 'string' && !(path instanceof URL)) throw new Error('is no path: write a text or a URL')
  if (path === '') throw new Error('is empty: name a file or folder')
  if (hasControlCharacter(String(path))) throw new Error('contains a control character: rename the file')
}

/** @throws Error whose message follows the path */
export function locate(path: PathLike): InputLocation {
  checkPath(path)
  const uri = toUri(path).replace(/(?<=[^:/])\/+$/, '')
  if (hasControlCharacter(uri)) throw new Error('contains a control character: rename the file')
  const name = basename(uri)
  if (/^(?:file:\/\/|gs:\/\/[^/]*)\/?$/.test(uri) || name === '') throw new Error('names no file: add its name')
  if (Buffer.byteLength(name) > maxNameBytes)
    throw new Error(`has a name of more than ${maxNameBytes} bytes: shorten it`)
  return { uri, basename: name }
}

/** @throws Error whose message follows the path */
export function locateDestination(path: PathLike): string {
  checkPath(path)
  if (String(path).endsWith('/')) throw new Error('ends with a slash: name the file or folder itself')
  return locate(path).uri
}
