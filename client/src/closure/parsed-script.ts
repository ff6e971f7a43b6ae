import { parse } from 'acorn'
import { analyze, type ScopeManager } from 'eslint-scope'
import { endOf, type FunctionNode, isFunction, type SyntaxNode, startOf, visitAll } from './syntax.ts'

/** A script of the program as the engine runs it, understood. */
export class ParsedScript {
  readonly text: string
  readonly isModule: boolean
  readonly program: SyntaxNode
  readonly scopes: ScopeManager
  /** Functions and classes in the order of the text. */
  readonly functions: readonly FunctionNode[]
  /** Direct calls of `eval`, which may assign any variable that they see. */
  readonly evals: readonly SyntaxNode[]
  readonly #parents = new Map<SyntaxNode, SyntaxNode>()
  readonly #lineStarts: readonly number[]

  /** @throws SyntaxError if it is no JavaScript that the parser knows */
  constructor(text: string, isModule: boolean) {
    this.text = text
    this.isModule = isModule
    this.program = parseProgram(text, isModule)
    const [functions, evals]: [FunctionNode[], SyntaxNode[]] = [[], []]
    visitAll(this.program, (node, parent) => {
      if (parent !== undefined) this.#parents.set(node, parent)
      if (isFunction(node)) functions.push(node)
      if (isEval(node)) evals.push(node)
    })
    this.functions = functions
    this.evals = evals
    // The analysis takes trees of ESTree alone, which this is.
    this.scopes = analyze(this.program as Parameters<typeof analyze>[0], {
      ecmaVersion: 2022,
      sourceType: isModule ? 'module' : 'commonjs',
      ignoreEval: true,
    })
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((end) => end.index + end[0].length)]
  }

  parentOf(node: SyntaxNode): SyntaxNode | undefined {
    return this.#parents.get(node)
  }

  /** The nodes around a node, innermost first. */
  *ancestorsOf(node: SyntaxNode): Generator<SyntaxNode> {
    for (let outer = this.parentOf(node); outer !== undefined; outer = this.parentOf(outer)) yield outer
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(startOf(node), endOf(node))
  }

  /** @param line counted from 0, as is the column */
  offsetAt(line: number, column: number): number {
    return (this.#lineStarts[line] ?? this.text.length) + column
  }

  /** Line and column of an offset, both counted from 0. */
  positionAt(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#lineStarts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, column: offset - (this.#lineStarts[low] ?? 0) }
  }
}

const parseProgram = (text: string, isModule: boolean): SyntaxNode =>
  // The parser's nodes are ESTree's, with other names in its types.
  parse(text, {
    ecmaVersion: 'latest',
    sourceType: isModule ? 'module' : 'script',
    allowHashBang: true,
    allowReturnOutsideFunction: !isModule,
    allowAwaitOutsideFunction: true,
    ranges: true,
  }) as unknown as SyntaxNode

const isEval = (node: SyntaxNode): boolean =>
  node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval'
