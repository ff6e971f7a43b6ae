import type { ParsedScript } from './parsed-script.ts'
import { passIt, Refusal } from './refusal.ts'
import {
  type ClassNode,
  childrenOf,
  type FunctionNode,
  isClass,
  isFunction,
  type SyntaxNode,
  startOf,
} from './syntax.ts'

/** What the code at some place of a function has of that function, and not of what lies around it. */
interface Own {
  readonly this: boolean
  readonly super: boolean
  readonly privateNames: ReadonlySet<string>
}

const nothing: Own = { this: false, super: false, privateNames: new Set() }

/**
 * Refuses what a function cannot keep when it is moved: `this` and `super` of an outer function, private names of a
 * class around it, `eval`, `import.meta`.
 *
 * @throws Refusal for the first of them
 */
export function refuseOuterUses(
  script: ParsedScript,
  node: FunctionNode,
  isLeftOut: (node: SyntaxNode) => boolean,
): void {
  const hasOuterThis = node.type === 'ArrowFunctionExpression' && !isAtTop(script, node)
  const own: Own = { ...nothing, this: !hasOuterThis }
  const stack: [SyntaxNode, Own][] = [[node, isClass(node) ? withNames(node, own) : own]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [current, own] = next
    refuseNode(script, current, own)
    for (const child of childrenOf(current)) {
      if (!isLeftOut(child)) stack.push([child, ownOf(current, child, own)])
    }
  }
}

/** At the top of a module, `this` is undefined here and there. */
const isAtTop = (script: ParsedScript, node: FunctionNode): boolean =>
  script.isModule &&
  ![...script.ancestorsOf(node)].some((outer) => isFunction(outer) && outer.type !== 'ArrowFunctionExpression')

function ownOf(parent: SyntaxNode, child: SyntaxNode, own: Own): Own {
  if (isClass(child)) return withNames(child, own)
  if (parent.type === 'MethodDefinition' || (parent.type === 'Property' && isMethod(parent))) {
    return child === parent.value ? { ...own, this: true, super: true } : own
  }
  if (parent.type === 'PropertyDefinition') return child === parent.value ? { ...own, this: true, super: true } : own
  if (child.type === 'StaticBlock') return { ...own, this: true, super: true }
  const isFunctionOfItsOwn = child.type === 'FunctionExpression' || child.type === 'FunctionDeclaration'
  return isFunctionOfItsOwn ? { ...own, this: true, super: false } : own
}

const isMethod = (property: SyntaxNode): boolean =>
  property.type === 'Property' && (property.kind !== 'init' || property.method)

function withNames(node: ClassNode, own: Own): Own {
  const names = childrenOf(node.body).flatMap((member) =>
    'key' in member && member.key?.type === 'PrivateIdentifier' ? [member.key.name] : [],
  )
  return { ...own, privateNames: new Set([...own.privateNames, ...names]) }
}

function refuseNode(script: ParsedScript, node: SyntaxNode, own: Own): void {
  const variable = outerUse(script, node, own)
  if (variable === undefined) return
  const line = script.positionAt(startOf(node)).line + 1
  throw new Refusal({ ...variable, problem: `${variable.problem} (line ${line})` })
}

function outerUse(
  script: ParsedScript,
  node: SyntaxNode,
  own: Own,
): { variable: string; problem: string; remedy: string } | undefined {
  switch (node.type) {
    case 'ThisExpression':
      return own.this ? undefined : ofOuter('this', 'copy what it needs into a const')
    case 'Super':
      return own.super ? undefined : ofOuter('super', 'call the method that it means by a function')
    case 'MetaProperty':
      return refuseMeta(script, node, own)
    case 'PrivateIdentifier':
      return own.privateNames.has(node.name) ? undefined : ofClass(`#${node.name}`)
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'eval' ? evil : undefined
    case 'ImportExpression':
      return node.source.type === 'Literal' ? undefined : computedImport
    default:
      return undefined
  }
}

function refuseMeta(script: ParsedScript, node: SyntaxNode, own: Own) {
  const name = script.textOf(node)
  if (name === 'new.target') return own.this ? undefined : ofOuter(name, passIt)
  return {
    variable: name,
    problem: 'belongs to the module that the function stands in, which the job does not have',
    remedy: `read it outside into a const`,
  }
}

const ofOuter = (variable: string, remedy: string) => ({
  variable,
  problem: 'belongs to an outer function or object',
  remedy,
})

const ofClass = (variable: string) => ({
  variable,
  problem: 'is private to a class that the function lies in',
  remedy: 'use the whole class in the job, or pass the value as an argument',
})

const evil = {
  variable: 'eval',
  problem: 'may use any variable around it',
  remedy: 'write the code itself, or use `new Function`',
}

const computedImport = {
  variable: 'import()',
  problem: 'has a name that is computed, so what it imports cannot be taken along',
  remedy: 'import a fixed name',
}
