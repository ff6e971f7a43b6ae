import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, symlink } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export const repository = join(import.meta.dirname, '../..')
const modules = join(repository, 'node_modules')

const run = promisify(execFile)

/** Runs a program with this repository's Node first in its path; rejects with its output if it fails. */
export async function runProgram(file: string, args: readonly string[], cwd: string): Promise<string> {
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter)
  const { stdout } = await run(file, [...args], { cwd, env: { ...process.env, PATH: path, NO_COLOR: '1' } })
  return stdout
}

const sources = [
  'client',
  'functions',
  'worker-vm',
  'infra',
  'README.md',
  'LICENSE',
  'package-lock.json',
  'tsconfig.json',
]
const isCopied = (path: string): boolean => !['node_modules', 'dist'].includes(basename(path))

/** Packs a copy of the repository, so that its own manifest is never swapped under other tests. The tarball's path. */
export async function packCopy(folder: string): Promise<{ tarball: string; copy: string }> {
  const copy = join(folder, 'repository')
  await mkdir(copy, { recursive: true })
  for (const name of sources) {
    const source = join(repository, name)
    if (existsSync(source)) await cp(source, join(copy, name), { recursive: true, filter: isCopied })
  }
  await linkModules(copy)
  await runProgram('npm', ['pack', '--offline', '--pack-destination', folder], join(copy, 'client'))
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error(`npm pack left no tarball in ${folder}`)
  return { tarball: join(folder, name), copy }
}

/** What npm has installed, but the workspaces, which are the copy's own. */
async function linkModules(copy: string): Promise<void> {
  const linked = join(copy, 'node_modules')
  await mkdir(join(linked, '@graupel'), { recursive: true })
  for (const name of await readdir(modules))
    if (!['graupel', '@graupel'].includes(name)) await symlink(join(modules, name), join(linked, name))
  await symlink('../client', join(linked, 'graupel'))
  await symlink('../../functions', join(linked, '@graupel/functions'))
  await symlink('../../worker-vm', join(linked, '@graupel/worker-vm'))
}

/** A project with the package in its `node_modules`, and beside it what npm would have installed with it. */
export async function installPackage(tarball: string, project: string): Promise<string> {
  const installed = join(project, 'node_modules')
  await mkdir(installed, { recursive: true })
  for (const name of await readdir(modules)) {
    if (name.startsWith('.') || ['graupel', '@graupel'].includes(name)) continue
    await symlink(join(modules, name), join(installed, name))
  }
  await runProgram('tar', ['-xzf', tarball], project)
  await rename(join(project, 'package'), join(installed, 'graupel'))
  return join(installed, 'graupel')
}
