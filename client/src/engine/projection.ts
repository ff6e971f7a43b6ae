import { z } from 'zod'
import { jobDocumentSchema } from '../model/index.ts'
import type { Document, Projection } from './ports.ts'

const fieldsSchema = jobDocumentSchema.partial()

/** What is to be merged into the job's document, as it is stored: times as dates, nothing undefined. */
export function encodeProjection(projection: Projection): Document {
  const fields = { ...projection.fields, version: projection.version }
  return dropUndefined(z.encode(fieldsSchema, fields))
}

/** True if what is stored tells of a newer commit. A final state is never outdated: nothing comes after it. */
export function isOutdated(projection: Projection, stored: Document | undefined): boolean {
  if (projection.isFinal || stored === undefined) return false
  return typeof stored.version === 'number' && stored.version >= projection.version
}

/** Maps are merged field by field, at any depth; everything else is replaced. As Firestore merges. */
export function mergeFields(into: Document, fields: Document): Document {
  const merged: { [field: string]: unknown } = { ...into }
  for (const [field, value] of Object.entries(fields)) {
    const old = merged[field]
    merged[field] = isMap(value) && isMap(old) ? mergeFields(old, value) : value
  }
  return merged
}

function dropUndefined(map: Document): Document {
  const kept: { [field: string]: unknown } = {}
  for (const [field, value] of Object.entries(map)) {
    if (value !== undefined) kept[field] = isMap(value) ? dropUndefined(value) : value
  }
  return kept
}

const isMap = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
