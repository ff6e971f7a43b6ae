import type { Reference, Scope } from 'eslint-scope'

/** A node of the syntax tree (ESTree), in the words of the scope analysis. */
export type SyntaxNode = Scope['block']

export type NodeOf<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>

/** What the capture takes along as one piece of text. */
export type FunctionNode = NodeOf<
  'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' | 'ClassDeclaration' | 'ClassExpression'
>

export type ClassNode = NodeOf<'ClassDeclaration' | 'ClassExpression'>

export const isClass = (node: SyntaxNode): node is ClassNode =>
  node.type === 'ClassDeclaration' || node.type === 'ClassExpression'

export const isFunction = (node: SyntaxNode): node is FunctionNode =>
  isClass(node) ||
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression'

export const startOf = (node: SyntaxNode): number => rangeOf(node)[0]

export const endOf = (node: SyntaxNode): number => rangeOf(node)[1]

function rangeOf(node: SyntaxNode): [number, number] {
  if (node.range === undefined) throw new Error(`the parser gave a ${node.type} no range`)
  return node.range
}

export const contains = (outer: SyntaxNode, inner: SyntaxNode): boolean =>
  startOf(outer) <= startOf(inner) && endOf(inner) <= endOf(outer)

/** The direct children of a node in the order of the text. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) children.push(item)
  }
  return children
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'range' in value

/** Calls `visit` for the node and all below it, parents first; without recursion, for trees of any depth. */
export function visitAll(root: SyntaxNode, visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void): void {
  const stack: [SyntaxNode, SyntaxNode | undefined][] = [[root, undefined]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, parent] = next
    visit(node, parent)
    for (const child of childrenOf(node).reverse()) stack.push([child, node])
  }
}

/** The name that a reference stands for; JSX, which has names of its own, is not parsed. */
export function identifierOf({ identifier }: Reference): NodeOf<'Identifier'> {
  if (identifier.type !== 'Identifier') throw new Error(`a reference by ${identifier.type}`)
  return identifier
}
