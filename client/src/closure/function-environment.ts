import { isBuiltin } from 'node:module'
import { memberName, refuseForeignGlobal } from './free-globals.ts'
import type { FreeVariable } from './free-variables.ts'
import type { FunctionForm } from './function-form.ts'
import { isScoped, type ReadFunction, readVariable } from './function-reader.ts'
import { type Import, isPackage, type SiteVariable } from './function-site.ts'
import { copyIt, passIt, Refusal } from './refusal.ts'
import type { SyntaxNode } from './syntax.ts'

/** The variables of one function object: those that are copied with their values, and those that are imported anew. */
export interface Environment {
  readonly form: FunctionForm
  readonly values: readonly unknown[]
  /** No variable is imported from a module of the program, which may still assign it. */
  readonly isFinal: boolean
}

export interface Judges {
  /** The value can be taken along as it is. */
  readonly isCapturable: (value: unknown) => boolean
  /** The function belongs to Node or to the language. */
  readonly isNodes: (fn: object) => boolean
}

/** @throws Refusal for a variable that can be neither copied nor imported */
export function readEnvironment(fn: ReadFunction, judges: Judges): Environment {
  const { site } = fn
  const copied = new Map<string, unknown>()
  const imports = new Map<string, Import>()
  for (const variable of site.variables) {
    const found = readSiteVariable(fn, variable, judges)
    if (found.kind === 'import') imports.set(variable.name, found.import)
    else copied.set(variable.name, found.value)
  }
  let requires = false
  for (const free of site.undeclared) {
    if (!isScoped(fn.inspected, free.name)) refuseGlobal(fn, free, judges)
    else if (free.name === '__filename' || free.name === '__dirname') copied.set(free.name, readModuleName(fn, free))
    else requires = refuseWrapped(fn, free) || requires
  }
  const form = { site, copied: [...copied.keys()], imports, requires, hasParent: site.heritage === 'value' }
  const isFinal = site.variables.every(({ name, imported }) => imported === undefined || !copied.has(name))
  return { form, values: [...copied.values()], isFinal }
}

type Found = { readonly kind: 'copy'; readonly value: unknown } | { readonly kind: 'import'; readonly import: Import }

function readSiteVariable(fn: ReadFunction, variable: SiteVariable, judges: Judges): Found {
  if (variable.imported !== undefined) return readImported(fn, variable, variable.imported, judges)
  const { stability, name } = variable
  if (stability.kind === 'changing') throw new Refusal({ variable: name, problem: stability.problem, remedy: copyIt })
  const value = readVariable(fn.inspected, name)
  if (stability.kind === 'onceAssigned' && value === undefined) {
    throw new Refusal({ variable: name, problem: stability.problem, remedy: copyIt })
  }
  return { kind: 'copy', value }
}

/**
 * Packages and Node's modules are imported anew; what the program's own modules export is copied, so that it is the same
 * thing for the function, its arguments and everything else. What cannot be copied makes its module run anew, too.
 */
function readImported(fn: ReadFunction, variable: SiteVariable, request: Import, judges: Judges): Found {
  const anew: Found = { kind: 'import', import: request }
  if (isBuiltin(request.specifier)) return anew
  const value = request.imported === '*' ? usedMembers(fn, variable) : readVariable(fn.inspected, variable.name)
  if (isPrimitive(value)) return { kind: 'copy', value }
  return !isPackage(request.specifier) && value !== undefined && judges.isCapturable(value)
    ? { kind: 'copy', value }
    : anew
}

const isPrimitive = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'symbol' && typeof value !== 'function' && Object(value) !== value

/** A copy of a namespace with the members that the function uses; undefined if it uses the namespace as a whole. */
function usedMembers(fn: ReadFunction, { name, identifiers }: SiteVariable): unknown {
  const namespace = fn.inspected.scopes.map(({ object }) => Reflect.get(object, name)).find(isObject)
  const names = identifiers.map((identifier) => memberName(fn.site.parsed.parentOf(identifier) ?? identifier))
  if (namespace === undefined || names.includes(undefined)) return undefined
  const members = [...new Set(names)].flatMap((member) =>
    member === undefined ? [] : [[member, Reflect.get(namespace, member)] as const],
  )
  return Object.assign(Object.create(null), Object.fromEntries(members))
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function refuseGlobal(fn: ReadFunction, free: FreeVariable, judges: Judges): void {
  refuseForeignGlobal(fn.site.parsed, free)
  // Getters are left alone: some warn, some open what they stand for.
  const value: unknown = Object.getOwnPropertyDescriptor(globalThis, free.name)?.value
  if (typeof value !== 'function' || judges.isNodes(value)) return
  throw new Refusal({
    variable: free.name,
    problem: 'is a global that the program has replaced',
    remedy: 'import the replacement under a name of its own',
  })
}

/** The name of a CommonJS module's file or folder stays what it is here. */
function readModuleName(fn: ReadFunction, { name }: FreeVariable): unknown {
  const isWritten = fn.site.parsed.scopes.scopes.some(({ references }) =>
    references.some((reference) => reference.identifier.name === name && reference.isWrite()),
  )
  if (isWritten) throw new Refusal({ variable: name, problem: 'is assigned by its module', remedy: copyIt })
  return readVariable(fn.inspected, name)
}

/** Of what lies around a CommonJS module, `require` of fixed names alone can be kept: true. */
function refuseWrapped(fn: ReadFunction, { name, identifiers }: FreeVariable): boolean {
  const { parsed } = fn.site
  if (name === 'require' && identifiers.every((identifier) => isFixedCall(parsed.parentOf(identifier), identifier))) {
    return true
  }
  throw new Refusal({
    variable: name,
    problem:
      name === 'require' ? 'is used for more than a call with a fixed name' : 'is declared where no text shows it',
    remedy: name === 'require' ? 'require a fixed name' : passIt,
  })
}

const isFixedCall = (parent: SyntaxNode | undefined, callee: SyntaxNode): boolean =>
  parent?.type === 'CallExpression' &&
  parent.callee === callee &&
  parent.arguments.length === 1 &&
  parent.arguments[0]?.type === 'Literal' &&
  typeof parent.arguments[0].value === 'string'
