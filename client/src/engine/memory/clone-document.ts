import type { Document } from '../ports.ts'

/**
 * A copy that shares nothing with the original but strings. Refuses what Firestore would refuse, so that a document
 * that works on this machine works there too.
 * @throws TypeError naming the field
 */
export function cloneDocument(document: Document): Document {
  return cloneMap(document, '')
}

function cloneMap(map: object, at: string): Document {
  const copy: { [field: string]: unknown } = {}
  for (const [field, value] of Object.entries(map))
    copy[field] = cloneValue(value, at === '' ? field : `${at}.${field}`)
  return copy
}

function cloneValue(value: unknown, at: string): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : cloneObject(value, at)
    default:
      throw new TypeError(`field ${at} is ${typeof value}, which no document can hold: leave it out`)
  }
}

function cloneObject(value: object, at: string): unknown {
  if (value instanceof Date) return new Date(value)
  if (Array.isArray(value)) return value.map((item: unknown, index) => cloneValue(item, `${at}[${index}]`))
  return cloneMap(value, at)
}
