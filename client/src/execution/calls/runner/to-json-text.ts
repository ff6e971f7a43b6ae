import { inspect, types } from 'node:util'

/** What JSON has no word for, and where it is: the end of a sentence that begins with `The result`. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem'
}

/**
 * JSON text that says the same as the value: what `JSON.stringify` would leave out or make something else of is
 * refused; only members that are `undefined` may be absent.
 * @throws JsonProblem
 */
export function toJsonText(value: unknown): string {
  check(value, '', [])
  return JSON.stringify(value)
}

function check(value: unknown, path: string, around: readonly object[]): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return
    case 'number':
      if (Number.isFinite(value)) return
      throw refusal(path, `is ${value}`, 'return null or a string instead')
    case 'object':
      if (value !== null) checkObject(value, path, around)
      return
    default:
      throw refusal(
        path,
        `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}`,
        remedies[typeof value],
      )
  }
}

const remedies: Readonly<Record<string, string>> = {
  undefined: 'return null instead',
  bigint: 'return a number or a string instead',
  function: 'return what it computes instead',
  symbol: 'return a string instead',
}

function checkObject(value: object, path: string, around: readonly object[]): void {
  if (around.includes(value)) throw refusal(path, 'leads back to itself', 'return a tree')
  const inner = [...around, value]
  if ('toJSON' in value && typeof value.toJSON === 'function') check(value.toJSON(), path, inner)
  else if (Array.isArray(value)) checkItems(value, path, inner)
  else checkMembers(value, path, inner)
}

/** Not by its own loop: a hole would be passed over. */
function checkItems(items: readonly unknown[], path: string, around: readonly object[]): void {
  for (let index = 0; index < items.length; index++) check(items[index], `${path}[${index}]`, around)
}

function checkMembers(value: object, path: string, around: readonly object[]): void {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    throw refusal(path, `is ${kindOf(value)}`, 'return plain objects and arrays, or give it a method toJSON')
  }
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) check(member, memberPath(path, key), around)
  }
}

const kindOf = (value: object): string =>
  types.isPromise(value) ? 'a Promise' : `a ${value.constructor?.name || 'special object'}`

const memberPath = (path: string, key: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `${path}.${key}` : `${path}[${inspect(key)}]`

const refusal = (path: string, what: string, remedy = 'return plain data'): JsonProblem =>
  new JsonProblem(`cannot be written as JSON: ${path === '' ? 'it' : `its value at ${path}`} ${what}; ${remedy}.`)
