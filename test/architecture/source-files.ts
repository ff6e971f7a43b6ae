import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** A source file by its path in the repository, with `/` on every platform. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

const repository = join(import.meta.dirname, '../..')

/** The TypeScript files below a folder of the repository; none if it is not there yet. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: path.slice(repository.length + 1).replaceAll(sep, '/'),
      text: readFileSync(path, 'utf8'),
    }))
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(join(repository, path), 'utf8'))
