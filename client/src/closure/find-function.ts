import type { ParsedScript } from './parsed-script.ts'
import { endOf, type FunctionNode, isClass, startOf } from './syntax.ts'

/**
 * The function or class at a place where the engine says that it is: the innermost one around it, as the engine points
 * to the parameters. A class is at its constructor.
 *
 * @param text what `toString` of the function says, to be certain
 */
export function findFunction(script: ParsedScript, offset: number, text: string): FunctionNode | undefined {
  const around = script.functions.filter((node) => startOf(node) <= offset && offset < endOf(node))
  const innermost = around.at(-1)
  if (innermost === undefined) return undefined
  const node = text.startsWith('class') ? classOf(script, innermost) : innermost
  return node !== undefined && text.endsWith(script.textOf(node)) ? node : undefined
}

function classOf(script: ParsedScript, node: FunctionNode): FunctionNode | undefined {
  if (isClass(node)) return node
  const method = script.parentOf(node)
  if (method?.type !== 'MethodDefinition' || method.kind !== 'constructor') return undefined
  return [...script.ancestorsOf(method)].find(isClass)
}
