import type { FreeVariable } from './free-variables.ts'
import { nodeGlobals } from './node-globals.ts'
import type { ParsedScript } from './parsed-script.ts'
import { passIt, Refusal } from './refusal.ts'
import { type SyntaxNode, startOf } from './syntax.ts'

/** @throws Refusal unless each process of Node has the global, or the function only asks whether it is there */
export function refuseForeignGlobal(script: ParsedScript, { name, identifiers }: FreeVariable): void {
  const parents = identifiers.map((identifier) => script.parentOf(identifier))
  if (name === 'globalThis' || name === 'global') {
    for (const parent of parents) if (parent !== undefined) refuseForeignMember(script, parent)
  }
  const isOnlyAsked = parents.every((parent) => parent?.type === 'UnaryExpression' && parent.operator === 'typeof')
  if (!nodeGlobals().has(name) && !isOnlyAsked) throw foreign(script, name, identifiers[0])
}

function refuseForeignMember(script: ParsedScript, parent: SyntaxNode): void {
  if (parent.type === 'UnaryExpression' && parent.operator === 'typeof') return
  const name = memberName(parent)
  if (name === undefined || !nodeGlobals().has(name))
    throw foreign(script, `globalThis${name === undefined ? '[…]' : `.${name}`}`, parent)
}

/** The name of a member that is not computed. */
export function memberName(member: SyntaxNode): string | undefined {
  if (member.type !== 'MemberExpression') return undefined
  const { property, computed } = member
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

function foreign(script: ParsedScript, variable: string, node: SyntaxNode | undefined): Refusal {
  const line = node === undefined ? 0 : script.positionAt(startOf(node)).line + 1
  return new Refusal({
    variable,
    problem: `is not a global that every Node has (line ${line})`,
    remedy: `import it, or ${passIt}`,
  })
}
