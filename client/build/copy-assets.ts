import { cpSync, mkdirSync, readdirSync } from 'node:fs'
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

/** What `graupel deploy` needs beside the functions: the Terraform module, without its tests and README, and a file. */
export function copyTerraformModule(): void {
  mkdirSync(folders.packedInfra, { recursive: true })
  const names = readdirSync(folders.infra).filter((name) => name.endsWith('.tf') || name === '.terraform.lock.hcl')
  for (const name of names) cpSync(join(folders.infra, name), join(folders.packedInfra, name))
  cpSync(folders.cloudInit, folders.packedCloudInit)
}
