import { types } from 'node:util'
import { describeValue } from './describe-value.ts'
import { encodeBuiltIn } from './encode-built-in.ts'
import { isJsonPrimitive } from './encode-primitive.ts'
import { type Integrity, integrityOf } from './integrity.ts'
import type { Json } from './json.ts'
import { mark } from './json.ts'
import { type BadProperty, findBadProperty } from './own-properties.ts'
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
    refuseBadProperty(findBadProperty(value, integrity), place)
    const entries = Object.entries(value)
    const isPlain = prototype !== null && !Object.hasOwn(value, mark) && !Object.hasOwn(value, '__proto__')
    return isPlain
      ? encodePlain(writer, entries, depth, place)
      : {
          [mark]: prototype === null ? 'null-prototype' : 'object',
          entries: encodeEntries(writer, entries, depth, place),
        }
  }
  const node = encodeBuiltIn(writer, value, integrity, depth, place)
  if (node === undefined) throw new UnencodableError(place, describeValue(value))
  return node
}

const nameOfKind = Object.prototype.toString

/** Looks plain by its prototype, and is not: `arguments`, a namespace, an error, a native handle. */
const isExotic = (value: object): boolean => nameOfKind.call(value) !== '[object Object]' || types.isExternal(value)

function encodePlain(
  writer: Writer,
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  place: Place,
): Json {
  const draft: { [key: string]: Json } = {}
  for (const [key, value] of entries) {
    draft[key] = isJsonPrimitive(value)
      ? value
      : writer.write(value, { draft, key, depth: depth + 1, place: place.key(key) })
  }
  return draft
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
  refuseBadProperty(findBadProperty(value, integrity, lengthOf), place)
  const keys = Object.keys(value)
  const stray = keys.at(-1)
  if (stray !== undefined && !isIndex(stray)) {
    throw new UnencodableError(place, `is an array with the property '${stray}' beside its items`)
  }
  // Long arrays with few items cost what their items cost.
  if (keys.length < value.length / 2) {
    const entries = keys.map((key) => [key, value[Number(key)]] as const)
    return { [mark]: 'sparse', length: value.length, entries: encodeEntries(writer, entries, depth, place) }
  }
  const draft: Json[] = []
  for (let index = 0; index < value.length; index++) {
    const item = value[index]
    if (isJsonPrimitive(item)) draft[index] = item
    else if (item === undefined && !Object.hasOwn(value, index)) draft[index] = { [mark]: 'hole' }
    else draft[index] = writer.write(item, { draft, key: index, depth: depth + 1, place: place.key(index) })
  }
  return draft
}

const lengthOf = new Set(['length'])

// Names come after indexes, so the last key tells for all.
const isIndex = (key: string): boolean => /^\d+$/.test(key) && Number(key) < 2 ** 32 - 1

export function refuseBadProperty(bad: BadProperty | undefined, place: Place): void {
  if (bad !== undefined) throw new UnencodableError(place, bad.problem)
}
