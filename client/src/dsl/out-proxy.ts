import { inspect } from './inspect.ts'

/** What a proxy of outputs needs of them. */
export interface ProxiedOutputs {
  readonly label: string
  get(name: string): unknown
  isDeclared(name: string): boolean
  /** Declared or mentioned. */
  has(name: string): boolean
  names(): string[]
  invalidAccess(message: string): Error
}

// Names that JavaScript, promises, test frameworks and consoles look up on every object.
const reserved = new Set([
  'then',
  'toJSON',
  'constructor',
  'toString',
  'valueOf',
  'inspect',
  '__proto__',
  'asymmetricMatch',
  '$$typeof',
  'nodeType',
])

const outputsOf = Symbol('outputs')

export const isOutProxy = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Reflect.get(value, outputsOf) !== undefined

/** What a proxy of outputs stands before: asked for symbols, and by the console. */
class OutTarget {
  readonly #outputs: ProxiedOutputs

  constructor(outputs: ProxiedOutputs) {
    this.#outputs = outputs
  }

  // Found by its symbol also where `this` is the proxy, which has no private fields.
  get [outputsOf](): ProxiedOutputs {
    return this.#outputs
  }

  [Symbol.toPrimitive](): never {
    const message = 'has all of job.out where one file should be; name the file, such as job.out.name.'
    throw this[outputsOf].invalidAccess(message)
  }

  [inspect](): string {
    return `Outputs(${this[outputsOf].label}: ${this[outputsOf].names().join(', ')})`
  }
}

class OutHandler implements ProxyHandler<OutTarget> {
  readonly #outputs: ProxiedOutputs

  constructor(outputs: ProxiedOutputs) {
    this.#outputs = outputs
  }

  get(target: OutTarget, name: string | symbol): unknown {
    if (typeof name === 'symbol') {
      return Reflect.get(target, name)
    }
    return reserved.has(name) && !this.#outputs.isDeclared(name) ? undefined : this.#outputs.get(name)
  }

  has(target: OutTarget, name: string | symbol): boolean {
    return typeof name === 'symbol' ? Reflect.has(target, name) : this.#outputs.has(name)
  }

  ownKeys(): string[] {
    return this.#outputs.names()
  }

  getOwnPropertyDescriptor(_: OutTarget, name: string | symbol): PropertyDescriptor | undefined {
    if (typeof name === 'symbol' || !this.#outputs.has(name)) return undefined
    return { value: this.#outputs.get(name), enumerable: true, configurable: true, writable: false }
  }

  set(): never {
    throw this.#outputs.invalidAccess('has outputs that cannot be assigned; write to job.out.name in its command.')
  }

  defineProperty(): never {
    return this.set()
  }

  deleteProperty(): never {
    return this.set()
  }

  setPrototypeOf(): never {
    return this.set()
  }

  preventExtensions(): never {
    return this.set()
  }
}

/** `job.out`: reading a name gives its handle. Nothing else of it behaves like a table to write to. */
export const makeOutProxy = (outputs: ProxiedOutputs): object =>
  new Proxy(new OutTarget(outputs), new OutHandler(outputs))
