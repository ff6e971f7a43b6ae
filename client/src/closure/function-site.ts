import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ClassShape, classShape } from './class-shape.ts'
import { type FreeVariable, freeVariables, importedBinding } from './free-variables.ts'
import { refuseOuterUses } from './outer-uses.ts'
import type { ParsedScript } from './parsed-script.ts'
import { Refusal } from './refusal.ts'
import type { Script } from './scripts.ts'
import { refuseSloppyUses } from './sloppy-uses.ts'
import { type Stability, stabilityOf } from './stability.ts'
import { contains, type FunctionNode, isClass, type NodeOf, type SyntaxNode, visitAll } from './syntax.ts'

/** All that the text tells of a function or class, for every object that is made of this text. */
export interface FunctionSite {
  readonly script: Script
  readonly parsed: ParsedScript
  readonly node: FunctionNode
  /** Undefined: it is a function. */
  readonly shape: ClassShape | undefined
  readonly heritage: Heritage
  readonly variables: readonly SiteVariable[]
  /** The fixed names that the function requires or imports while it runs. */
  readonly fixedImports: readonly NodeOf<'Literal'>[]
  /** Names that the script does not declare. */
  readonly undeclared: readonly FreeVariable[]
}

/** Where a class has its parent from: from the value that it was made with, or from the import that names it. */
export type Heritage = 'none' | 'value' | 'import'

export interface SiteVariable extends FreeVariable {
  readonly stability: Stability
  readonly imported: Import | undefined
}

/** What is imported, by whom. */
export interface Import {
  readonly specifier: string
  readonly imported: string
  /** Where the importing module lies. */
  readonly folder: string
}

/** @throws Refusal for what can never be taken along */
export function functionSite(script: Script, parsed: ParsedScript, node: FunctionNode): FunctionSite {
  const shape = isClass(node) ? classShape(parsed, node) : undefined
  const heritage = heritageOf(parsed, node)
  const leftOut = [
    ...(shape?.leftOut ?? []),
    ...(heritage === 'value' && 'superClass' in node ? [node.superClass] : []),
  ]
  const isLeftOut = (inner: SyntaxNode) => leftOut.some((outer) => outer != null && contains(outer, inner))
  refuseOuterUses(parsed, node, isLeftOut)
  refuseSloppyUses(parsed, node)
  const free = freeVariables(parsed, node, isLeftOut)
  return {
    script,
    parsed,
    node,
    shape,
    heritage,
    variables: free.flatMap((variable) => siteVariable(script, parsed, node, variable)),
    fixedImports: fixedImports(parsed, node, isLeftOut, free),
    undeclared: free.filter(({ variable }) => variable === undefined),
  }
}

function siteVariable(script: Script, parsed: ParsedScript, node: FunctionNode, free: FreeVariable): SiteVariable[] {
  const { name, variable } = free
  if (variable === undefined) return []
  if (name === 'arguments' && variable.defs.length === 0) {
    throw new Refusal({
      variable: name,
      problem: 'belongs to an outer function',
      remedy: 'name the parameters of that function, and copy what is needed into a const',
    })
  }
  const binding = importedBinding(variable)
  const imported = binding === undefined ? undefined : { ...binding, folder: folderOf(script) }
  return [{ ...free, stability: stabilityOf(parsed, variable, node), imported }]
}

/** Not a module of the program itself, by its name. */
export const isPackage = (specifier: string): boolean =>
  specifier.includes('/node_modules/') || !/^[./#]|^file:/.test(specifier)

function fixedImports(
  parsed: ParsedScript,
  node: FunctionNode,
  isLeftOut: (node: SyntaxNode) => boolean,
  free: readonly FreeVariable[],
): NodeOf<'Literal'>[] {
  const requires = free.find(({ name, variable }) => name === 'require' && variable === undefined)?.identifiers ?? []
  const found: NodeOf<'Literal'>[] = []
  visitAll(node, (inner) => {
    if (isLeftOut(inner)) return
    if (inner.type === 'ImportExpression' && inner.source.type === 'Literal') found.push(inner.source)
    const parent = inner.type === 'Identifier' && requires.includes(inner) ? parsed.parentOf(inner) : undefined
    const name = parent?.type === 'CallExpression' ? parent.arguments[0] : undefined
    if (name?.type === 'Literal') found.push(name)
  })
  return found
}

/** The folder of a script, against which its imports are resolved. */
export const folderOf = ({ url }: Script): string => {
  if (url.startsWith('file:')) return dirname(fileURLToPath(url))
  return url.startsWith('/') ? dirname(url) : process.cwd()
}

function heritageOf(parsed: ParsedScript, node: FunctionNode): Heritage {
  if (!isClass(node) || node.superClass == null) return 'none'
  const [parent] = freeVariables(parsed, node, (inner) => !contains(nodeOf(node.superClass), inner))
  const isName = ['Identifier', 'MemberExpression'].includes(node.superClass.type)
  const binding = parent?.variable === undefined ? undefined : importedBinding(parent.variable)
  return isName && binding !== undefined && isPackage(binding.specifier) ? 'import' : 'value'
}

function nodeOf(node: SyntaxNode | null | undefined): SyntaxNode {
  if (node == null) throw new Error('the class has no parent')
  return node
}
