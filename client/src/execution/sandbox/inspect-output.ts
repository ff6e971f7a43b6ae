import type { BigIntStats } from 'node:fs'
import { atOnce, type FileSteps, patiently } from '../../storage/index.ts'
import { listFolder } from './open-output.ts'
import { endless, type LinkRule, resolveOutput, unfit } from './resolve-output.ts'
import type { FoundFile, FoundOutput } from './sandbox.ts'

/**
 * What lies at `path` below the folder `root`, which is free of links, as that of the rule: nothing, a file, or a folder
 * with all that is in it, which may be much.
 */
export async function inspectOutput(root: string, path: string, rule: LinkRule): Promise<FoundOutput | undefined> {
  const found = await lookAt({ from: root, way: path, path }, rule, atOnce)
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
  const listed = await listFolder({ real: folder, path: below === '' ? path : `${path}/${below}` }, rule)
  const names = listed.map((name) => decodeName(name, path)).sort()
  if (names.length === 0 && below !== '') content.emptyFolders.push(below)
  for (const name of names) {
    const inner = below === '' ? name : `${below}/${name}`
    const found = await lookAt({ from: folder, way: name, path: `${path}/${inner}` }, rule, patiently)
    if (found === undefined) throw unfit(`${path}/${inner}`, 'is a symbolic link to nothing')
    if (found.stats.isFile()) content.files.push({ path: inner, isExecutable: isExecutable(found.stats) })
    else await walk(found.real, inner, path, rule, content, depth + 1)
  }
}

async function lookAt(
  way: Parameters<typeof resolveOutput>[0],
  rule: LinkRule,
  steps: FileSteps,
): Promise<{ real: string; stats: BigIntStats } | undefined> {
  try {
    const real = await resolveOutput(way, rule, steps)
    const stats = await steps.lstat(real)
    if (stats.isFile() || stats.isDirectory()) return { real, stats }
  } catch (error) {
    if (Object(error).code === 'ENOENT' || Object(error).code === 'ENOTDIR') return undefined
    if (Object(error).code === 'ELOOP') throw unfit(way.path, endless)
    throw error
  }
  throw unfit(way.path, 'is neither a file nor a folder')
}

function decodeName(name: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name)
  } catch {
    throw unfit(path, `contains a file whose name is not UTF-8: ${JSON.stringify(name.toString('latin1'))}`)
  }
}

const isExecutable = (stats: BigIntStats) => (stats.mode & 0o100n) !== 0n
