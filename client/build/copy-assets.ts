import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'

const isSource = (path: string): boolean => path.endsWith('.ts')

/** Files beside the library's sources that are no modules. */
export function copyAssets(): void {
  for (const name of readdirSync(folders.source, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name)
    if (name.isFile() && !isSource(path)) cpSync(path, path.replace(folders.source, folders.dist))
  }
}
