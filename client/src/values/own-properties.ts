import type { Integrity } from './integrity.ts'

/** A property that a copy would silently change, as the end of a sentence. */
export interface BadProperty {
  readonly key: string | symbol
  readonly problem: string
}

/** The first own property, other than those of `known`, that is more than a plain value under a name. */
export function findBadProperty(
  value: object,
  integrity: Integrity | undefined,
  known: ReadonlySet<string> = none,
): BadProperty | undefined {
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'string' && known.has(key)) continue
    const problem = problemOf(key, Object.getOwnPropertyDescriptor(value, key), integrity)
    if (problem !== undefined) return { key, problem }
  }
  return undefined
}

const isOrdinary = (descriptor: PropertyDescriptor | undefined): boolean =>
  descriptor?.writable === true && descriptor.enumerable === true && descriptor.configurable === true

const none: ReadonlySet<string> = new Set()

/** Why a property is more than a plain value under a name, as the end of a sentence; undefined: it is not. */
export function problemOf(
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
  integrity: Integrity | undefined,
): string | undefined {
  if (typeof key === 'string' && isOrdinary(descriptor)) return undefined
  if (typeof key === 'symbol') return `has the symbol ${String(key)} as a key`
  if (descriptor === undefined) return `has a property '${key}' that cannot be read`
  if (descriptor.get !== undefined || descriptor.set !== undefined) return `has the getter or setter '${key}'`
  if (!descriptor.enumerable) return `has the hidden (non-enumerable) property '${key}'`
  if (!descriptor.writable && integrity !== 'frozen') return `has the read-only property '${key}'`
  if (!descriptor.configurable && integrity !== 'frozen' && integrity !== 'sealed') {
    return `has the property '${key}', which cannot be deleted`
  }
  return undefined
}
