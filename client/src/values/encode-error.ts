import { errorKinds } from './error-kinds.ts'
import type { Integrity } from './integrity.ts'
import type { Json } from './json.ts'
import { mark } from './json.ts'
import { findBadProperty } from './own-properties.ts'
import type { Place } from './place.ts'
import { UnencodableError } from './unencodable-error.ts'
import type { Writer } from './writer.ts'

/** Own properties of errors that are hidden by nature. */
const hidden = ['message', 'stack', 'cause', 'errors']

/** An error of a built-in kind; undefined for those of other classes. */
export function encodeError(
  writer: Writer,
  error: Error,
  integrity: Integrity | undefined,
  depth: number,
  place: Place,
): Json | undefined {
  const prototype: unknown = Object.getPrototypeOf(error)
  const kind = errorKinds.find(({ make }) => make.prototype === prototype)?.name
  if (kind === undefined) return undefined
  const bad = findBadProperty(error, integrity, new Set(hidden))
  if (bad !== undefined) throw new UnencodableError(place, bad.problem)
  const entry = (key: string): Json => {
    const draft: Json[] = [key, null]
    const value: unknown = Reflect.get(error, key)
    draft[1] = writer.write(value, { draft, key: 1, depth: depth + 1, place: place.key(key) })
    return draft
  }
  const isHidden = (key: string): boolean =>
    Object.hasOwn(error, key) && !Object.prototype.propertyIsEnumerable.call(error, key)
  return {
    [mark]: 'Error',
    kind,
    hidden: hidden.filter(isHidden).map(entry),
    entries: Object.keys(error).map(entry),
  }
}
