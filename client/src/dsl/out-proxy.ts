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

const proxies = new WeakSet<object>()

export const isOutProxy = (value: unknown): boolean => typeof value === 'object' && value !== null && proxies.has(value)

/** `job.out`: reading a name gives its handle. Nothing else of it behaves like a table to write to. */
export function makeOutProxy(outputs: ProxiedOutputs): object {
  const target = Object.create({
    [Symbol.toPrimitive]: () => {
      throw outputs.invalidAccess('has all of job.out where one file should be; name the file, such as job.out.name.')
    },
    [inspect]: () => `Outputs(${outputs.label}: ${outputs.names().join(', ')})`,
  }) as object
  const refuse = (): never => {
    throw outputs.invalidAccess('has outputs that cannot be assigned; write to job.out.name in its command.')
  }
  const proxy = new Proxy(target, {
    get: (_, name) => {
      if (typeof name === 'symbol') return Reflect.get(target, name)
      return reserved.has(name) && !outputs.isDeclared(name) ? undefined : outputs.get(name)
    },
    has: (_, name) => (typeof name === 'symbol' ? Reflect.has(target, name) : outputs.has(name)),
    ownKeys: () => outputs.names(),
    getOwnPropertyDescriptor: (_, name) =>
      typeof name === 'string' && outputs.has(name)
        ? { value: outputs.get(name), enumerable: true, configurable: true, writable: false }
        : undefined,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  })
  proxies.add(proxy)
  return proxy
}
