import { parse } from 'acorn'
import type { ParsedScript } from './parsed-script.ts'
import { Refusal } from './refusal.ts'
import { type FunctionNode, isClass, isFunction, type SyntaxNode, visitAll } from './syntax.ts'

/**
 * In the job all code is strict. A sloppy function (of a CommonJS module without 'use strict') may run there only if
 * that cannot change what it does silently.
 *
 * @throws Refusal if it could
 */
export function refuseSloppyUses(script: ParsedScript, node: FunctionNode): void {
  if (isClass(node) || script.scopes.acquire(node, true)?.isStrict !== false) return
  if ([...script.ancestorsOf(node)].some(({ type }) => type === 'WithStatement')) throw sloppy('with')
  if (!isStrictText(script, node)) throw sloppy('syntax that strict mode does not have')
  visitAll(node, (inner) => {
    const name = sloppyUse(script, inner)
    if (name !== undefined) throw sloppy(name)
  })
}

function sloppyUse(script: ParsedScript, node: SyntaxNode): string | undefined {
  if (node.type === 'ThisExpression') return 'this'
  if (node.type === 'Identifier' && node.name === 'arguments') return 'arguments'
  // Inside blocks, sloppy functions are also visible outside of them.
  const parent = script.parentOf(node)
  const isInBlock = parent?.type === 'BlockStatement' && !isBody(script, parent)
  return node.type === 'FunctionDeclaration' && isInBlock ? `function ${node.id?.name ?? ''} inside a block` : undefined
}

const isBody = (script: ParsedScript, block: SyntaxNode): boolean => {
  const owner = script.parentOf(block)
  return owner !== undefined && isFunction(owner)
}

function isStrictText(script: ParsedScript, node: FunctionNode): boolean {
  const text = script.textOf(node)
  const parent = script.parentOf(node)
  const isMethod = node.type === 'FunctionExpression' && text.startsWith('(') && parent !== undefined
  try {
    parse(isMethod ? `({ ${asyncOf(node)}method${text} })` : `(${text})`, {
      ecmaVersion: 'latest',
      sourceType: 'module',
    })
    return true
  } catch {
    return false
  }
}

const asyncOf = (node: FunctionNode): string =>
  `${'async' in node && node.async ? 'async ' : ''}${'generator' in node && node.generator ? '*' : ''}`

const sloppy = (variable: string): Refusal =>
  new Refusal({
    variable,
    problem: 'means something else in strict mode, and the function is not strict',
    remedy: "write 'use strict' at the top of its file, or make it a module",
  })
