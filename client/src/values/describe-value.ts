import { types } from 'node:util'

/** What an object is that has no encoding, as the end of a sentence: `is an open socket`. */
export function describeValue(value: object): string {
  if (types.isProxy(value)) return 'is a Proxy'
  if (typeof value === 'function') return describeFunction(value.name, types.isAsyncFunction(value))
  const known = tests.find(([test]) => test(value))
  if (known !== undefined) return known[1]
  const name = className(value)
  if (name === undefined) return 'is an object with a prototype of its own'
  if (isStream(value)) return `is a stream or a socket (${name})`
  return `is an instance of the class ${name}`
}

const describeFunction = (name: string, isAsync: boolean): string =>
  `is ${isAsync ? 'an async function' : 'a function'}${name === '' ? '' : ` (${name})`}`

const tests: readonly (readonly [(value: object) => boolean, string])[] = [
  [types.isPromise, 'is a Promise, which only this process can await'],
  [types.isWeakMap, 'is a WeakMap, whose content cannot be listed'],
  [types.isWeakSet, 'is a WeakSet, whose content cannot be listed'],
  [(value) => value instanceof WeakRef, 'is a WeakRef'],
  [types.isSharedArrayBuffer, 'is a SharedArrayBuffer, which only one process can share'],
  [types.isGeneratorObject, 'is a running generator'],
  [types.isMapIterator, 'is an iterator'],
  [types.isSetIterator, 'is an iterator'],
  [types.isModuleNamespaceObject, 'is the namespace of a module'],
  [types.isArgumentsObject, 'is an arguments object'],
  [types.isExternal, 'is a native handle'],
]

/** The name of the class; undefined if the prototype does not tell. */
function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null) return undefined
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof made === 'function' && made.name !== '' ? made.name : undefined
}

const isStream = (value: object): boolean =>
  ('pipe' in value && typeof value.pipe === 'function' && 'on' in value) ||
  ('getReader' in value && typeof value.getReader === 'function')
