import { hasControlCharacter } from './check-settings.ts'

const maxNameBytes = 200

/** Why no file of a job can have this name, or `undefined`. A name is one path segment. */
export function problemOfName(name: string): string | undefined {
  if (typeof name !== 'string' || name === '') return 'it is empty'
  if (name === '.' || name === '..') return 'it is a folder of the system'
  if (name.includes('/')) return 'it contains a /'
  if (hasControlCharacter(name)) return 'it contains a control character'
  if (!name.isWellFormed()) return 'it is no valid Unicode text'
  if (Buffer.byteLength(name) > maxNameBytes) return `it is longer than ${maxNameBytes} bytes`
  return undefined
}

const maxFolderBytes = 255

/**
 * The name of a job's folder. Everything but ASCII letters, digits and `-` becomes `_`, so that no program has to be
 * careful with it; the token makes it unique.
 */
export function folderName(name: string | undefined, token: string): string {
  const safe = (name ?? '').replaceAll(/[^A-Za-z0-9-]/gu, '_').slice(0, maxFolderBytes - token.length - 1)
  return safe === '' ? token : `${safe}-${token}`
}
