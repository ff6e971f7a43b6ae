import { findFunction } from './find-function.ts'
import type { FunctionObject } from './function-object.ts'
import { type FunctionSite, functionSite } from './function-site.ts'
import type { InspectedFunction, Inspector } from './inspector.ts'
import { makeIt, passIt, Refusal } from './refusal.ts'
import { isNodes, type Script, Scripts } from './scripts.ts'
import type { FunctionNode } from './syntax.ts'

/** A function object with what its text tells. */
export interface ReadFunction {
  readonly site: FunctionSite
  readonly inspected: InspectedFunction
}

const sourceOf = Function.prototype.toString

/** Finds the text of function objects, each text once. */
export class FunctionReader {
  readonly #inspector: Inspector
  readonly #scripts: Scripts
  readonly #sites = new Map<FunctionNode, FunctionSite | Refusal>()

  constructor(inspector: Inspector) {
    this.#inspector = inspector
    this.#scripts = new Scripts(inspector)
  }

  /** @throws Refusal if the function has no text that can be taken along */
  read(fn: FunctionObject): ReadFunction {
    const inspected = this.#inspector.inspect(fn)
    const script = this.#scriptOf(inspected)
    if (script === undefined || isNodes(script)) throw withoutText(fn, script)
    const { location } = inspected
    const parsed = script.parsed
    if (parsed === undefined || location === undefined) throw unreadable(fn)
    const node = findFunction(parsed, parsed.offsetAt(location.line, location.column), sourceOf.call(fn))
    if (node === undefined) throw unreadable(fn)
    return { site: this.#siteOf(script, node), inspected }
  }

  /** The function is part of Node or of the language. */
  isNodes(fn: object): boolean {
    if (sourceOf.call(fn).endsWith('{ [native code] }')) return true
    const script = this.#scriptOf(this.#inspector.inspect(fn))
    return script !== undefined && isNodes(script)
  }

  #scriptOf({ location }: InspectedFunction): Script | undefined {
    return location === undefined ? undefined : this.#scripts.get(location.scriptId)
  }

  #siteOf(script: Script, node: FunctionNode): FunctionSite {
    const site = this.#sites.get(node) ?? this.#makeSite(script, node)
    this.#sites.set(node, site)
    if (site instanceof Refusal) throw site
    return site
  }

  #makeSite(script: Script, node: FunctionNode): FunctionSite | Refusal {
    if (script.parsed === undefined) throw new Error('a function of a script that was not parsed')
    try {
      return functionSite(script, script.parsed, node)
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  }
}

function withoutText(fn: FunctionObject, script: Script | undefined): Refusal {
  if (fn.name.startsWith('bound ')) {
    return new Refusal({
      variable: '',
      problem: `is a bound function (${fn.name})`,
      remedy: 'write an arrow function that calls the original',
    })
  }
  const owner = script === undefined ? 'a native function' : 'a function of Node'
  return new Refusal({ variable: '', problem: `is ${owner} that no public name leads to (${fn.name})`, remedy: makeIt })
}

const unreadable = (fn: FunctionObject): Refusal =>
  new Refusal({
    variable: '',
    problem: `is a function (${fn.name}) whose text cannot be read in its script`,
    remedy: `write it in a module of its own, and import it, or ${passIt}`,
  })

/** The value of a variable in the scopes around a function. */
export function readVariable({ scopes }: InspectedFunction, name: string): unknown {
  const scope = scopes.find(({ object }) => name in object)
  if (scope === undefined) {
    throw new Refusal({ variable: name, problem: 'cannot be read where the function was made', remedy: passIt })
  }
  try {
    return Reflect.get(scope.object, name)
  } catch {
    throw new Refusal({
      variable: name,
      problem: 'is not initialised yet',
      remedy: 'capture the function after the declaration',
    })
  }
}

/** The variable is one of a scope, not of the process. */
export const isScoped = ({ scopes }: InspectedFunction, name: string): boolean =>
  scopes.some(({ description, object }) => description !== 'Global' && name in object)
