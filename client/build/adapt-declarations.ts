import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'

/** Until TypeScript 5.7, typed arrays had no type parameter. */
const typedArrays =
  /\b((?:Uint|Int)(?:8|16|32)Array|Uint8ClampedArray|Float(?:32|64)Array|DataView)<ArrayBuffer(?:Like)?>/g
const specifiers = /((?:\bfrom|\bimport\(|^import|^declare module) ?['"]\.{1,2}\/[^'"]*)\.ts(['"])/gm
/** `await using` is newer than the default library of most projects. */
const disposables = /\b(?:Async)?Disposable\b|Symbol\.(?:asyncDispose|dispose)\b/

/** A declaration as TypeScript 5.6 and later read it, whatever the version that wrote it. */
export function adaptDeclaration(text: string): string {
  const adapted = text.replace(specifiers, '$1.js$2').replace(typedArrays, '$1')
  return disposables.test(adapted) ? `/// <reference lib="esnext.disposable" />\n${adapted}` : adapted
}

export function adaptDeclarations(): void {
  for (const name of readdirSync(folders.dist, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folders.dist, name)
    writeFileSync(path, adaptDeclaration(readFileSync(path, 'utf8')))
  }
}
