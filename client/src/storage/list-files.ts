import { readdir, stat } from 'node:fs/promises'
import { hasCode, isMissingFile } from './file-errors.ts'
import { compareUtf8 } from './utf8-order.ts'

/** Names of files that are still being written. */
export const PART_PREFIX = '.graupel-part-'

/**
 * The paths of all files whose path begins with the text `prefix`, in the order of their UTF-8 bytes. Links to files are
 * followed, links to folders are not.
 */
export async function* listFiles(prefix: string): AsyncIterable<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  yield* walk(folder, prefix.slice(folder.length))
}

/** `folder` ends in a slash. A folder is compared with its slash, so that `a.txt` comes before what is in `a/`. */
async function* walk(folder: string, namePrefix: string): AsyncIterable<string> {
  for (const entry of (await entriesOf(folder)).sort(compareUtf8)) {
    if (!entry.startsWith(namePrefix)) continue
    if (entry.endsWith('/')) yield* walk(folder + entry, '')
    else yield folder + entry
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  const entries: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(emptyIfMissing)) {
    if (entry.isDirectory()) entries.push(`${entry.name}/`)
    else if (entry.name.startsWith(PART_PREFIX)) continue
    else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(folder + entry.name)))) {
      entries.push(entry.name)
    }
  }
  return entries
}

function emptyIfMissing(error: unknown): never[] {
  if (isMissingFile(error)) return []
  throw error
}

async function leadsToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (isMissingFile(error) || hasCode(error, 'ELOOP')) return false
    throw error
  }
}
