import { isBuiltin } from 'node:module'
import { CodeWriter } from './code-writer.ts'
import type { FunctionForm } from './function-form.ts'
import type { Import } from './function-site.ts'
import { functionPieces, importName } from './function-text.ts'

/** What the text of a module still needs from outside of it. */
export interface ModuleNeeds {
  /** Of packages and of modules of the program, by the name in the text. */
  readonly imports: ReadonlyMap<string, Import>
  readonly builtIns: ReadonlyMap<string, Import>
}

export function moduleNeeds(forms: readonly FunctionForm[]): ModuleNeeds {
  const requests = forms.flatMap(({ imports }) => [...imports.values()])
  const named = (isWanted: (request: Import) => boolean) =>
    new Map(requests.filter(isWanted).map((request) => [importName(request), request]))
  return {
    imports: named(({ specifier }) => !isBuiltin(specifier)),
    builtIns: named(({ specifier }) => isBuiltin(specifier)),
  }
}

/** The module's text without its imports: `functions` makes the functions, `required` the CommonJS packages. */
export function moduleBody(forms: readonly FunctionForm[], required: readonly string[], head: string): string {
  const writer = new CodeWriter()
  writer.write(head)
  writer.write('export const functions = [\n')
  for (const form of forms) {
    for (const piece of functionPieces(form)) writer.write(piece)
    writer.write(',\n')
  }
  writer.write(']\n')
  const paths = required.map((path) => `() => require(${JSON.stringify(path)}),\n`)
  writer.write(`export const required = [\n${paths.join('')}]\n`)
  return writer.finish()
}

export function importStatement(name: string, { specifier, imported }: Import): string {
  const from = JSON.stringify(isBuiltin(specifier) ? `node:${specifier.replace(/^node:/, '')}` : specifier)
  if (imported === '*') return `import * as ${name} from ${from}\n`
  if (imported === 'default') return `import ${name} from ${from}\n`
  const word = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(imported) ? imported : JSON.stringify(imported)
  return `import { ${word} as ${name} } from ${from}\n`
}
