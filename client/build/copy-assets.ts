import { cpSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { folders } from './folders.ts'

const isSource = (path: string): boolean => path.endsWith('.ts')

/** What the programs look for beside themselves. */
const besidePrograms = ['execution/calls/python-runner.py']

/** Files beside the library's sources that are no modules. */
export function copyAssets(): void {
  for (const name of readdirSync(folders.source, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name)
    if (name.isFile() && !isSource(path)) cpSync(path, path.replace(folders.source, folders.dist))
  }
  for (const asset of besidePrograms) cpSync(join(folders.source, asset), join(folders.programs, basename(asset)))
}
