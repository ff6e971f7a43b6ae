import type { Reference, Scope, Variable } from 'eslint-scope'
import type { ParsedScript } from './parsed-script.ts'
import { contains, endOf, type FunctionNode, identifierOf, isFunction, type SyntaxNode, startOf } from './syntax.ts'

/** Whether a variable still has, when the job runs, the value that it has now. */
export type Stability =
  | { readonly kind: 'constant' }
  /** Assigned in one place that runs at most once: final as soon as it has a value. */
  | { readonly kind: 'onceAssigned'; readonly problem: string }
  | { readonly kind: 'changing'; readonly problem: string }

/**
 * Judges by the text alone, and never takes a variable for constant that is not: every assignment must certainly have
 * happened before the function was made.
 *
 * @param node the captured function, which uses the variable
 */
export function stabilityOf(script: ParsedScript, variable: Variable, node: FunctionNode): Stability {
  const [definition] = variable.defs
  if (definition === undefined) return { kind: 'changing', problem: 'belongs to an outer function' }
  if (variable.defs.length > 1 && variable.defs.some(({ type }) => type !== 'Variable')) {
    return { kind: 'changing', problem: 'is declared more than once' }
  }
  if (!script.isModule && wrapperNames.has(variable.name)) {
    return { kind: 'changing', problem: 'is also a name that every CommonJS module has' }
  }
  const evil = script.evals.find((call) => contains(variable.scope.block, call))
  // Strict code that is evaluated can neither assign a constant nor declare a variable that hides it.
  if (evil !== undefined && !(variable.scope.isStrict && isConst(variable))) {
    return { kind: 'changing', problem: `may be assigned by the eval in line ${lineOf(script, evil)}` }
  }
  if (mayChangeByArguments(variable)) {
    return { kind: 'changing', problem: 'may be assigned through `arguments` of its function' }
  }
  return judgeWrites(script, variable, node)
}

const wrapperNames = new Set(['exports', 'module', 'require', '__filename', '__dirname'])

function judgeWrites(script: ParsedScript, variable: Variable, node: FunctionNode): Stability {
  const writes = variable.references.filter((reference) => isAssignment(variable, reference))
  const late = writes.find((write) => !isBefore(script, variable, write, node))
  if (late === undefined) return { kind: 'constant' }
  const problem = `is assigned again in line ${lineOf(script, identifierOf(late))}`
  const isOnce = writes.length === 1 && startsUndefined(variable) && runsOnce(script, variable, late)
  return isOnce ? { kind: 'onceAssigned', problem } : { kind: 'changing', problem }
}

const lineOf = (script: ParsedScript, node: SyntaxNode): number => script.positionAt(startOf(node)).line + 1

/** The declaration of `let`, `const`, a class or a parameter gives it its first value; `var` is there before. */
const isAssignment = (variable: Variable, reference: Reference): boolean =>
  reference.isWrite() && (isVar(variable) || reference.init !== true)

const isVar = ({ defs }: Variable): boolean =>
  defs.some(({ parent }) => parent?.type === 'VariableDeclaration' && parent.kind === 'var')

const isConst = ({ defs }: Variable): boolean =>
  defs.every(({ parent }) => parent?.type === 'VariableDeclaration' && parent.kind === 'const')

/** Nothing gives it a value but the assignments. */
const startsUndefined = (variable: Variable): boolean =>
  variable.defs.every(
    ({ type, node, parent }) =>
      type === 'Variable' &&
      node.type === 'VariableDeclarator' &&
      parent?.type === 'VariableDeclaration' &&
      (parent.kind === 'var' || node.init === null),
  )

/** In a sloppy function, `arguments[0] = …` assigns the first parameter. */
const mayChangeByArguments = ({ defs, scope }: Variable): boolean =>
  defs.some(({ type }) => type === 'Parameter') &&
  !scope.isStrict &&
  (scope.set.get('arguments')?.references.length ?? 0) > 0

/** The assignment has happened, or never will, when the captured function is made. */
function isBefore(script: ParsedScript, variable: Variable, write: Reference, node: FunctionNode): boolean {
  const { scope } = variable
  if (write.from.variableScope !== scope.variableScope) return false
  const outermost = outermostFunction(script, node, scope)
  // Function declarations are there before anything runs.
  if (outermost.type === 'FunctionDeclaration') return false
  if (scope.type === 'for' && isInHead(scope, identifierOf(write))) return isInBody(scope, outermost)
  const statement = assignmentOf(script, identifierOf(write))
  return endOf(statement) <= startOf(outermost) && !loopsOf(script, write, scope).some((loop) => contains(loop, node))
}

/** The outermost function around the captured one, or itself, that lies in the variable's scope. */
function outermostFunction(script: ParsedScript, node: FunctionNode, scope: Scope): FunctionNode {
  let outermost = node
  for (const outer of script.ancestorsOf(node)) {
    if (outer === scope.block) break
    if (isFunction(outer)) outermost = outer
  }
  return outermost
}

/** The whole assignment: what stands right of it runs before it. */
function assignmentOf(script: ParsedScript, identifier: SyntaxNode): SyntaxNode {
  for (const outer of script.ancestorsOf(identifier)) if (isAssigning(outer)) return outer
  return script.program
}

const isAssigning = ({ type }: SyntaxNode): boolean =>
  type === 'AssignmentExpression' ||
  type === 'UpdateExpression' ||
  type === 'VariableDeclarator' ||
  type === 'ForInStatement' ||
  type === 'ForOfStatement'

const isLoop = ({ type }: SyntaxNode): boolean =>
  type === 'ForStatement' ||
  type === 'ForInStatement' ||
  type === 'ForOfStatement' ||
  type === 'WhileStatement' ||
  type === 'DoWhileStatement'

/** The loops around an assignment in which the variable is always the same one. */
function loopsOf(script: ParsedScript, write: Reference, scope: Scope): SyntaxNode[] {
  const loops: SyntaxNode[] = []
  for (const outer of script.ancestorsOf(identifierOf(write))) {
    if (outer === scope.block) break
    if (isLoop(outer)) loops.push(outer)
  }
  return loops
}

const runsOnce = (script: ParsedScript, variable: Variable, write: Reference): boolean =>
  write.from.variableScope === variable.scope.variableScope && loopsOf(script, write, variable.scope).length === 0

/** Each turn of a loop has variables of its own, which the head changes before the body sees them. */
const isInHead = ({ block }: Scope, node: SyntaxNode): boolean => !('body' in block && isInside(block.body, node))

const isInBody = ({ block }: Scope, node: SyntaxNode): boolean => 'body' in block && isInside(block.body, node)

const isInside = (body: unknown, node: SyntaxNode): boolean =>
  // The body of a loop is one statement.
  contains(body as SyntaxNode, node)
