import type { Variable } from 'eslint-scope'
import type { ParsedScript } from './parsed-script.ts'
import { type FunctionNode, identifierOf, type NodeOf, type SyntaxNode } from './syntax.ts'
import { viteImport } from './vite-imports.ts'

/** A variable of the program that a function uses, and where. */
export interface FreeVariable {
  readonly name: string
  /** Undefined: not declared in the script: a global, or a parameter of the wrapper around a CommonJS module. */
  readonly variable: Variable | undefined
  readonly identifiers: readonly SyntaxNode[]
}

/** @param isLeftOut of what lies below the function: it does not belong to what is taken along */
export function freeVariables(
  script: ParsedScript,
  node: FunctionNode,
  isLeftOut: (node: SyntaxNode) => boolean,
): FreeVariable[] {
  const scope = script.scopes.acquire(node)
  if (scope === null) throw new Error('the scope analysis has skipped a function')
  const found = new Map<string, { variable: Variable | undefined; identifiers: SyntaxNode[] }>()
  for (const reference of scope.through) {
    const { resolved } = reference
    const identifier = identifierOf(reference)
    if (isLeftOut(identifier)) continue
    const entry = found.get(identifier.name) ?? { variable: resolved ?? undefined, identifiers: [] }
    entry.identifiers.push(identifier)
    found.set(identifier.name, entry)
  }
  return [...found].map(([name, entry]) => ({ name, ...entry })).filter(({ variable }) => !declares(variable, node))
}

/** The name of the function itself: its own text binds it again. */
const declares = (variable: Variable | undefined, node: FunctionNode): boolean =>
  variable?.defs.some((definition) => definition.node === node) ?? false

export interface ImportedBinding {
  readonly specifier: string
  /** `default`, `*` or the name under which the module exports it. */
  readonly imported: string
}

/** What an imported variable stands for; undefined if it is not imported. */
export function importedBinding(variable: Variable): ImportedBinding | undefined {
  const [definition] = variable.defs
  const viaVite = viteImport(variable)
  if (viaVite !== undefined) return { specifier: viaVite, imported: '*' }
  if (definition?.type !== 'ImportBinding') return undefined
  const declaration = definition.parent
  if (declaration?.type !== 'ImportDeclaration') return undefined
  return { specifier: String(declaration.source.value), imported: importedName(definition.node) }
}

function importedName(node: SyntaxNode): string {
  if (node.type === 'ImportNamespaceSpecifier') return '*'
  if (node.type !== 'ImportSpecifier') return 'default'
  const imported: NodeOf<'Identifier' | 'Literal'> = node.imported
  return imported.type === 'Identifier' ? imported.name : String(imported.value)
}
