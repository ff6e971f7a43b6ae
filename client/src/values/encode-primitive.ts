import type { Json } from './json.ts'
import { mark } from './json.ts'
import type { Place } from './place.ts'
import { UnencodableError } from './unencodable-error.ts'

/** What JSON writes as it is: most of the values, so the walk asks this first. */
export const isJsonPrimitive = (value: unknown): value is string | number | boolean | null =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  value === null ||
  (typeof value === 'number' && Number.isFinite(value) && (value !== 0 || 1 / value > 0))

export function encodePrimitive(value: unknown, place: Place): Json {
  if (isJsonPrimitive(value)) return value
  if (typeof value === 'number') return { [mark]: 'number', value: Object.is(value, -0) ? '-0' : `${value}` }
  if (value === undefined) return { [mark]: 'undefined' }
  if (typeof value === 'bigint') return { [mark]: 'bigint', value: `${value}` }
  throw new UnencodableError(place, `is the symbol ${String(value)}`)
}
