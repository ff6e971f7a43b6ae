import { applyIntegrity, type Integrity } from '../values/integrity.ts'
import type { Extension, Json } from '../values/json.ts'
import { arrayOf, type Node, numberOf, textOf } from '../values/node.ts'

type Decode = (data: Json) => unknown
type SetValues = (values: unknown) => void
/** Makes a function of the code: `link` takes what sets its variables. */
type Factory = (link: (setValues?: SetValues, setPrivates?: SetValues) => void, parent: unknown) => object

interface RestoredModule {
  readonly functions?: readonly Factory[]
  readonly required?: readonly (() => unknown)[]
}

/** Functions, classes and their instances, first made empty, then given what they refer to. */
export class RestoredObjects {
  readonly #module: RestoredModule
  readonly #identities: Map<string, object>
  readonly #links = new Map<object, { setValues: SetValues | undefined; setPrivates: SetValues | undefined }>()

  constructor(module: unknown, identities: Map<string, object>) {
    // The namespace of a code, which `capture` has written; undefined where there is no function.
    this.#module = (module ?? {}) as RestoredModule
    this.#identities = identities
  }

  /** Undefined: the extension is somebody else's. */
  make({ kind, data }: Extension, decode: Decode): { readonly value: unknown } | undefined {
    switch (kind) {
      case 'closure:global':
        return { value: follow(globalThis, arrayOf(data).map(textOf)) }
      case 'closure:module':
        return { value: memberOfNode(arrayOf(data).map(textOf)) }
      case 'closure:required':
        return { value: this.#required(arrayOf(data)) }
      case 'closure:function':
        return { value: this.#function(nodeOf(data), decode) }
      case 'closure:instance':
        return { value: Object.create(prototypeOf(decode(nodeOf(data).class ?? null))) }
      case 'closure:accessors':
        return { value: nodeOf(data).isNull === true ? Object.create(null) : {} }
      default:
        return undefined
    }
  }

  /** False: the extension is somebody else's. */
  fill({ kind, data }: Extension, value: unknown, decode: Decode): boolean {
    if (!kind.startsWith('closure:')) return false
    if (kind !== 'closure:function' && kind !== 'closure:instance' && kind !== 'closure:accessors') return true
    // These kinds stand for objects.
    const [node, object] = [nodeOf(data), value as object]
    if (kind === 'closure:function' && !this.#setVariables(object, node, decode)) return true
    if (node.name !== undefined) Object.defineProperty(object, 'name', { value: node.name, configurable: true })
    defineAll(object, node.own, decode)
    if (node.shared !== undefined) defineAll(prototypeOf(object), node.shared, decode)
    if (node.integrity !== undefined) applyIntegrity(object, textOf(node.integrity) as Integrity)
    return true
  }

  #required([index = 0, member]: readonly Json[]): unknown {
    const exported = this.#module.required?.[numberOf(index)]?.()
    return member === undefined ? exported : Reflect.get(Object(exported), textOf(member))
  }

  #function(node: Node, decode: Decode): object {
    const identity = textOf(node.identity)
    const known = this.#identities.get(identity)
    if (known !== undefined) return known
    const make = this.#module.functions?.[numberOf(node.function)]
    if (make === undefined) throw new Error('the code is not the one that these values were captured with')
    const parent = node.parent === undefined ? undefined : decode(node.parent)
    let link: { setValues: SetValues | undefined; setPrivates: SetValues | undefined } | undefined
    const made = make((setValues, setPrivates) => {
      link = { setValues, setPrivates }
    }, parent)
    if (link !== undefined) this.#links.set(made, link)
    this.#identities.set(identity, made)
    return made
  }

  /** False: the function was there before, complete. */
  #setVariables(made: object, node: Node, decode: Decode): boolean {
    const link = this.#links.get(made)
    if (link === undefined) return false
    this.#links.delete(made)
    link.setValues?.(arrayOf(node.values).map(decode))
    link.setPrivates?.(arrayOf(node.privates ?? []).map(decode))
    return true
  }
}

function nodeOf(data: Json): Node {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error('these are no captured values')
  // What is neither a primitive nor an array is an object of the text.
  return data as Node
}

function prototypeOf(made: unknown): object {
  const prototype: unknown = typeof made === 'function' ? made.prototype : undefined
  if (typeof prototype !== 'object' || prototype === null) throw new Error('a captured class has no prototype')
  return prototype
}

function defineAll(object: object, records: Json | undefined, decode: Decode): void {
  for (const record of arrayOf(records ?? [])) {
    const [key = '', data = null, flags = ''] = arrayOf(record)
    const has = (flag: string): boolean => textOf(flags).includes(flag)
    const common = { enumerable: has('e'), configurable: has('c') }
    const [get, set] = has('a') ? arrayOf(data).map(decode) : []
    const descriptor = has('a') ? { ...common, get, set } : { ...common, value: decode(data), writable: has('w') }
    // The getter and the setter are functions, or undefined.
    Object.defineProperty(object, textOf(key), descriptor as PropertyDescriptor)
  }
}

function follow(root: unknown, path: readonly string[]): unknown {
  const found = path.reduce((value, name) => (value == null ? undefined : Reflect.get(Object(value), name)), root)
  if (found === undefined) throw new Error(`this version of Node (${process.version}) has no ${path.join('.')}`)
  return found
}

function memberOfNode([name = '', ...path]: readonly string[]): unknown {
  const found: unknown = process.getBuiltinModule(name)
  return path.length === 0 && found !== undefined ? found : follow(found, path)
}
