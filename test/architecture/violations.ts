import { findCycles } from './find-cycles.ts'
import { allowedImports, mayImport, partOf, pureParts } from './layers.ts'
import type { Import } from './scan-imports.ts'
import type { SourceFile } from './source-files.ts'

export const maxLines = 300

const emptyNames = new Set(['util', 'utils', 'common', 'type', 'types', 'helper', 'helpers', 'misc', 'shared'])

/** Each rule answers with one sentence per offender: where, what, and what to do. */
export const forbiddenDirections = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ from, target }) => target !== undefined && partOf(from) !== undefined && !mayImport(from, target))
    .map(
      ({ from, target }) =>
        `${from} imports ${target}: move what both need into a part that ${partOf(from)} may import ` +
        `(${allowedImports[partOf(from) ?? '']?.join(', ') || 'none'}), or pass it in as an argument`,
    )

export const importCycles = (imports: readonly Import[]): string[] =>
  findCycles(imports).map(
    (cycle) => `${cycle.join(' → ')}: move what they share into a file that imports none of them (types count, too)`,
  )

export const impureImports = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ from, specifier, target }) => {
      const allowed = pureParts[partOf(from) ?? '']
      return allowed !== undefined && target === undefined && !allowed.includes(specifier)
    })
    .map(({ from, specifier }) => `${from} imports ${specifier}: this part is pure; take what it does as an argument`)

export const importsWithoutExtension = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ specifier }) => specifier.startsWith('.') && !/\.(ts|json)$/.test(specifier))
    .map(({ from, specifier }) => `${from} imports '${specifier}': write the file's name with .ts`)

/** @param declared dependencies by workspace: `client`, `functions`, `worker-vm` */
export const undeclaredPackages = (
  imports: readonly Import[],
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): string[] =>
  imports.flatMap(({ from, specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return []
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const workspace = from.split('/', 1)[0] ?? ''
    if (declared.get(workspace)?.has(name)) return []
    return [`${from} imports ${name}: add it to ${workspace}/package.json with its exact version`]
  })

export const emptyWords = (files: readonly SourceFile[]): string[] =>
  files
    .filter(({ path }) => path.split('/').some((name) => emptyNames.has(name.replace(/\.ts$/, ''))))
    .map(({ path }) => `${path} has a name that says nothing: name what it is about`)

export const strayBarrels = (files: readonly SourceFile[], entries: ReadonlySet<string>): string[] =>
  files
    .filter(({ path, text }) => !entries.has(path) && (path.endsWith('/index.ts') || /^export \*/m.test(text)))
    .map(({ path }) => `${path} is a barrel and no entry of a package: import the files themselves`)

export const longFiles = (files: readonly SourceFile[]): string[] =>
  files
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${maxLines}: split it by idea`)

const stateWrites = /\bletterOf\b|\bstates:|\.states\s*=(?!=)/
const mayWriteStates = (path: string): boolean =>
  path.startsWith('client/src/kernel/') || path.startsWith('client/src/model/')

export const stateWriters = (files: readonly SourceFile[]): string[] =>
  files
    .filter(({ path }) => !mayWriteStates(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (stateWrites.test(line) ? [`${path}:${index + 1}`] : [])),
    )
    .map((place) => `${place} writes the state of jobs: only the kernel does; send it an event instead`)
