import { posix } from 'node:path'
import type { SourceFile } from './source-files.ts'

/** One import of a file, of values or of types. */
export interface Import {
  readonly from: string
  readonly specifier: string
  /** Path in the repository; undefined for what is not part of it. */
  readonly target: string | undefined
}

// Statements begin a line: what stands in a comment or a text is indented or has a star before it.
const statement = /^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
const bare = /^import\s*['"]([^'"]+)['"]/gm
const dynamic = /^(?!\s*(?:\*|\/\/)).*?\bimport\(\s*['"]([^'"]+)['"]/gm

const specifiersIn = (text: string): string[] =>
  [statement, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(([, specifier]) => specifier ?? []),
  )

/** @param entries file of each package name that belongs to the repository: `graupel/model` → `client/src/model/index.ts` */
export function scanImports(file: SourceFile, entries: ReadonlyMap<string, string>): Import[] {
  return specifiersIn(file.text).map((specifier) => ({
    from: file.path,
    specifier,
    target: specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : entries.get(specifier),
  }))
}
