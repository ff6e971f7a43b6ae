import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Variable } from 'eslint-scope'
import type { SyntaxNode } from './syntax.ts'

/**
 * The module behind a variable that Vite has put in an import's place, as it does for tests under Vitest:
 * `const __vite_ssr_import_0__ = await __vite_ssr_import__("/src/mean.ts", …)`. Undefined: it is no such variable.
 */
export function viteImport(variable: Variable): string | undefined {
  const node: SyntaxNode | undefined = variable.defs[0]?.node
  if (node?.type !== 'VariableDeclarator' || node.init?.type !== 'AwaitExpression') return undefined
  const call = node.init.argument
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return undefined
  const [specifier] = call.arguments
  if (call.callee.name !== '__vite_ssr_import__' || specifier?.type !== 'Literal') return undefined
  return pathOf(String(specifier.value))
}

/** Paths begin at the root of the project, where the tests run, or at `/@fs` for the root of the file system. */
function pathOf(specifier: string): string {
  if (specifier.startsWith('/@fs/')) return specifier.slice('/@fs'.length)
  const inProject = join(process.cwd(), specifier)
  return specifier.startsWith('/') && existsSync(inProject) ? inProject : specifier
}
