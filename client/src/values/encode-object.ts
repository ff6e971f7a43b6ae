import { types } from 'node:util'
import { describeValue } from './describe-value.ts'
import { encodeBuiltIn } from './encode-built-in.ts'
import { isJsonPrimitive } from './encode-primitive.ts'
import { type Integrity, integrityOf } from './integrity.ts'
import type { Json } from './json.ts'
import { mark } from './json.ts'
import { type BadProperty, findBadProperty, problemOf } from './own-properties.ts'
import type { Place } from './place.ts'
import { UnencodableError } from './unencodable-error.ts'
import type { Writer } from './writer.ts'

/** The node of an object that is met for the first time. */
export function encodeObject(writer: Writer, value: object, depth: number, place: Place): Json {
  if (typeof value === 'function') throw new UnencodableError(place, describeValue(value))
  const integrity = integrityOf(value)
  const node = encodeContent(writer, value, integrity, depth, place)
  return integrity === undefined ? node : { [mark]: integrity, value: node }
}

function encodeContent(
  writer: Writer,
  value: object,
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value) && prototype === Array.prototype) {
    return encodeArray(writer, value, integrity, depth, place)
  }
  if ((prototype === Object.prototype || prototype === null) && !isExotic(value)) {
    const isPlain = prototype !== null && !Object.hasOwn(value, mark) && !Object.hasOwn(value, '__proto__')
    if (isPlain) return encodePlain(writer, value, integrity, depth, place)
    refuseBadProperty(findBadProperty(value, integrity), place)
    const entries = encodeEntries(writer, Object.entries(value), depth, place)
    return { [mark]: prototype === null ? 'null-prototype' : 'object', entries }
  }
  const node = encodeBuiltIn(writer, value, integrity, depth, place)
  if (node === undefined) throw new UnencodableError(place, describeValue(value))
  return node
}

const nameOfKind = Object.prototype.toString

/** Looks plain by its prototype, and is not: `arguments`, a namespace, an error, a native handle. */
const isExotic = (value: object): boolean => nameOfKind.call(value) !== '[object Object]' || types.isExternal(value)

/** One look at each property: most of what is written consists of such objects. */
function encodePlain(
  writer: Writer,
  object: object,
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json {
  const draft: { [key: string]: Json } = {}
  for (const key of Reflect.ownKeys(object)) {
    const value = plainValue(object, key, integrity, place)
    const name = String(key)
    draft[name] = isJsonPrimitive(value)
      ? value
      : writer.write(value, { draft, key: name, depth: depth + 1, place: place.key(name) })
  }
  return draft
}

/** @throws UnencodableError if it is more than a plain value under a name */
function plainValue(object: object, key: string | symbol, integrity: Integrity | undefined, place: Place): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(object, key)
  const problem = problemOf(key, descriptor, integrity)
  if (problem !== undefined) throw new UnencodableError(place, problem)
  return descriptor?.value
}

export function encodeEntries(
  writer: Writer,
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  place: Place,
): Json {
  return entries.map(([key, value]) => {
    const draft: Json[] = [key, null]
    draft[1] = writer.write(value, { draft, key: 1, depth: depth + 1, place: place.key(key) })
    return draft
  })
}

function encodeArray(
  writer: Writer,
  value: readonly unknown[],
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json {
  const keys = Reflect.ownKeys(value)
  // Indexes come first, then the length that every array has, then everything else.
  const last = keys.at(-1)
  if (last !== 'length') {
    throw new UnencodableError(place, `is an array with the property '${String(last)}' beside its items`)
  }
  // Long arrays with few items cost what their items cost.
  if (keys.length >= value.length / 2) return encodeItems(writer, value, integrity, depth, place)
  const entries = keys.slice(0, -1).map((key) => [String(key), plainValue(value, key, integrity, place)] as const)
  return { [mark]: 'sparse', length: value.length, entries: encodeEntries(writer, entries, depth, place) }
}

function encodeItems(
  writer: Writer,
  value: readonly unknown[],
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json {
  const draft: Json[] = []
  for (let index = 0; index < value.length; index++) {
    if (!Object.hasOwn(value, index)) {
      draft[index] = { [mark]: 'hole' }
      continue
    }
    const item = plainValue(value, `${index}`, integrity, place)
    draft[index] = isJsonPrimitive(item)
      ? item
      : writer.write(item, { draft, key: index, depth: depth + 1, place: place.key(index) })
  }
  return draft
}

export function refuseBadProperty(bad: BadProperty | undefined, place: Place): void {
  if (bad !== undefined) throw new UnencodableError(place, bad.problem)
}
