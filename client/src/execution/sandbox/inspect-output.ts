import type { BigIntStats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { atOnce, type FileSteps, patiently } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { FoundFile, FoundOutput } from './sandbox.ts'

/**
 * Where symbolic links in outputs may lead. `anywhere`: the commands ran as this user, who can read the target anyway.
 * Otherwise only within `hostRoot`, which the commands saw as `innerRoot`: a container must not make the agent read the
 * machine's files.
 */
export type LinkRule = 'anywhere' | { readonly hostRoot: string; readonly innerRoot: string }

const maxLinks = 40

/** The file or folder that `place` leads to; `path` names it in messages. */
export async function resolveOutput(
  place: string,
  path: string,
  rule: LinkRule,
  steps: FileSteps = atOnce,
): Promise<string> {
  if (rule === 'anywhere') return steps.realpath(place)
  const target = await followInner(place, path, rule, maxLinks)
  const real = await steps.realpath(target)
  const root = await steps.realpath(rule.hostRoot)
  if (real === root || real.startsWith(`${root}/`)) return real
  throw unfit(path, 'is a symbolic link that leads out of the job’s folder')
}

/** An absolute link was made inside the container, so it is read as the container would. */
async function followInner(
  place: string,
  path: string,
  rule: Exclude<LinkRule, 'anywhere'>,
  left: number,
): Promise<string> {
  if (left === 0) throw unfit(path, 'is a chain of symbolic links without an end')
  if (!(await lstat(place)).isSymbolicLink()) return place
  const target = await readlink(place)
  if (target.startsWith(`${rule.innerRoot}/`)) {
    return followInner(join(rule.hostRoot, target.slice(rule.innerRoot.length)), path, rule, left - 1)
  }
  if (target.startsWith('/')) throw unfit(path, `is a symbolic link to ${target}, outside the job's folder`)
  return followInner(join(place, '..', target), path, rule, left - 1)
}

/** What lies at `place`: nothing, a file, or a folder with all that is in it, which may be much. */
export async function inspectOutput(place: string, path: string, rule: LinkRule): Promise<FoundOutput | undefined> {
  const found = await lookAt(place, path, rule, atOnce)
  if (found === undefined) return undefined
  if (found.stats.isFile()) return { kind: 'file', isExecutable: isExecutable(found.stats) }
  const folder: FolderContent = { files: [], emptyFolders: [] }
  await walk(found.real, '', path, rule, folder)
  return { kind: 'folder', ...folder }
}

interface FolderContent {
  readonly files: FoundFile[]
  readonly emptyFolders: string[]
}

async function walk(folder: string, below: string, path: string, rule: LinkRule, content: FolderContent, depth = 0) {
  if (depth > 200) throw unfit(path, 'is nested too deeply, or holds a link to a folder around it')
  const names = (await readdir(folder, { encoding: 'buffer' })).map((name) => decodeName(name, path)).sort()
  if (names.length === 0 && below !== '') content.emptyFolders.push(below)
  for (const name of names) {
    const inner = below === '' ? name : `${below}/${name}`
    const found = await lookAt(join(folder, name), `${path}/${inner}`, rule, patiently)
    if (found === undefined) throw unfit(`${path}/${inner}`, 'is a symbolic link to nothing')
    if (found.stats.isFile()) content.files.push({ path: inner, isExecutable: isExecutable(found.stats) })
    else await walk(found.real, inner, path, rule, content, depth + 1)
  }
}

async function lookAt(
  place: string,
  path: string,
  rule: LinkRule,
  steps: FileSteps,
): Promise<{ real: string; stats: BigIntStats } | undefined> {
  try {
    const real = await resolveOutput(place, path, rule, steps)
    const stats = await steps.stat(real)
    if (stats.isFile() || stats.isDirectory()) return { real, stats }
  } catch (error) {
    if (Object(error).code === 'ENOENT' || Object(error).code === 'ENOTDIR') return undefined
    if (Object(error).code === 'ELOOP') throw unfit(path, 'is a chain of symbolic links without an end')
    throw error
  }
  throw unfit(path, 'is neither a file nor a folder')
}

function decodeName(name: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name)
  } catch {
    throw unfit(path, `contains a file whose name is not UTF-8: ${JSON.stringify(name.toString('latin1'))}`)
  }
}

const isExecutable = (stats: BigIntStats) => (stats.mode & 0o100n) !== 0n

const unfit = (path: string, why: string) =>
  new AttemptFault('missingOutput', `The output '${path}' cannot be stored: it ${why}.`)
