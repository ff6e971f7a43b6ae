import { types } from 'node:util'
import { encodeError } from './encode-error.ts'
import type { Integrity } from './integrity.ts'
import type { Json } from './json.ts'
import { mark } from './json.ts'
import { findBadProperty } from './own-properties.ts'
import type { Place } from './place.ts'
import { UnencodableError } from './unencodable-error.ts'
import type { Writer } from './writer.ts'

/** What the object is, without its own properties; undefined if it is no built-in that can be written. */
export function encodeBuiltIn(
  writer: Writer,
  value: object,
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json | undefined {
  if (types.isNativeError(value)) return encodeError(writer, value, integrity, depth, place)
  const node = encodeSlots(writer, value, depth, place)
  if (node === undefined) return undefined
  const bad = findBadProperty(value, undefined, propertiesOf(value)) ?? firstOwnKey(value)
  if (bad !== undefined) throw new UnencodableError(place, bad.problem)
  return node
}

/** What is part of the object by nature, and needs no look. */
function propertiesOf(value: object): ReadonlySet<string> {
  if (types.isRegExp(value)) return new Set(['lastIndex'])
  if (types.isStringObject(value)) return new Set(['length', ...Object.keys(`${value}`)])
  return ArrayBuffer.isView(value) ? new Set(Object.keys(value)) : new Set()
}

function firstOwnKey(value: object): { problem: string } | undefined {
  if (ArrayBuffer.isView(value)) return undefined
  const key = Object.keys(value).find((key) => !(types.isStringObject(value) && /^\d+$/.test(key)))
  return key === undefined ? undefined : { problem: `has the property '${key}' of its own` }
}

function encodeSlots(writer: Writer, value: object, depth: number, place: Place): Json | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (types.isDate(value) && prototype === Date.prototype) return { [mark]: 'Date', time: timeOf(value) }
  if (types.isRegExp(value) && prototype === RegExp.prototype) return encodeRegExp(value)
  if (types.isMap(value) && prototype === Map.prototype) return encodeMap(writer, value, depth, place)
  if (types.isSet(value) && prototype === Set.prototype) return encodeSet(writer, value, depth, place)
  if (value instanceof URL && prototype === URL.prototype) return { [mark]: 'URL', href: value.href }
  if (types.isBoxedPrimitive(value)) return encodeBoxed(value, place)
  if (types.isArrayBuffer(value) && prototype === ArrayBuffer.prototype) {
    return writer.bytes.addBuffer(checkBuffer(value, place))
  }
  if (ArrayBuffer.isView(value)) return encodeView(writer, value, place)
  return undefined
}

const timeOf = (date: Date): Json => (Number.isNaN(date.getTime()) ? null : date.getTime())

const encodeRegExp = (value: RegExp): Json => {
  const { source, flags, lastIndex } = value
  return { [mark]: 'RegExp', source, flags, ...(lastIndex === 0 ? {} : { lastIndex }) }
}

function encodeMap(writer: Writer, map: Map<unknown, unknown>, depth: number, place: Place): Json {
  const entries = [...map].map(([key, value]) => {
    const draft: Json[] = [null, null]
    const name = typeof key === 'string' || typeof key === 'number' ? JSON.stringify(key) : '…'
    const at = { draft, depth: depth + 1 }
    draft[0] = writer.write(key, { ...at, key: 0, place: place.key(`.key(${name})`) })
    draft[1] = writer.write(value, { ...at, key: 1, place: place.key(`.get(${name})`) })
    return draft
  })
  return { [mark]: 'Map', entries }
}

function encodeSet(writer: Writer, set: Set<unknown>, depth: number, place: Place): Json {
  const items: Json[] = []
  for (const value of set) {
    const key = items.length
    items.push(null)
    items[key] = writer.write(value, { draft: items, key, depth: depth + 1, place: place.key(`.item(${key})`) })
  }
  return { [mark]: 'Set', items }
}

function encodeBoxed(value: object, place: Place): Json | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof String && prototype === String.prototype) return { [mark]: 'String', value: `${value}` }
  if (value instanceof Boolean && prototype === Boolean.prototype) return { [mark]: 'Boolean', value: value.valueOf() }
  if (value instanceof Number && prototype === Number.prototype) {
    return { [mark]: 'Number', value: Object.is(value.valueOf(), -0) ? '-0' : `${value}` }
  }
  if (types.isBigIntObject(value)) return { [mark]: 'BigInt', value: `${value}` }
  throw new UnencodableError(place, 'is a boxed symbol')
}

function checkBuffer(buffer: ArrayBufferLike, place: Place): ArrayBuffer {
  if (!types.isArrayBuffer(buffer)) {
    throw new UnencodableError(place, 'shares its memory with other threads (SharedArrayBuffer)')
  }
  if (buffer.detached) throw new UnencodableError(place, 'has memory that was transferred elsewhere')
  if (buffer.resizable) throw new UnencodableError(place, 'has memory that can be resized')
  return buffer
}

function encodeView(writer: Writer, view: ArrayBufferView, place: Place): Json | undefined {
  const prototype: unknown = Object.getPrototypeOf(view)
  const kind = prototype === Buffer.prototype ? 'Buffer' : Object.prototype.toString.call(view).slice(8, -1)
  const standard: unknown = Reflect.get(globalThis, kind)
  if (typeof standard !== 'function' || standard.prototype !== prototype) return undefined
  return writer.bytes.addView(kind, view, checkBuffer(view.buffer, place))
}
