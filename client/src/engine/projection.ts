import { z } from 'zod'
import { jobDocumentSchema } from '../model/index.ts'
import type { Document, Projection } from './ports.ts'

/** A projection whose fields are as they are stored: times as dates, nothing undefined, no empty map. */
export interface EncodedProjection extends Omit<Projection, 'fields'> {
  readonly fields: Document
}

const fieldsSchema = jobDocumentSchema.partial()

/** Empty maps are left out because Firestore would replace what is there by them. */
export function encodeProjection(projection: Projection): EncodedProjection {
  const fields = z.encode(fieldsSchema, { ...projection.fields, version: projection.version })
  return { ...projection, fields: dropEmpty(fields) }
}

/** One projection per document, with the outcome of writing all of them one after the other. */
export function coalesceProjections(projections: readonly EncodedProjection[]): EncodedProjection[] {
  const byPath = new Map<string, EncodedProjection>()
  for (const later of projections) {
    const earlier = byPath.get(later.path)
    if (earlier === undefined) byPath.set(later.path, later)
    else if (!isOutdated(later, earlier.fields)) byPath.set(later.path, join(earlier, later))
  }
  return [...byPath.values()]
}

/** True if what is stored tells of this commit or a newer one. A final state is never outdated: nothing comes after. */
export function isOutdated(projection: EncodedProjection, stored: Document | undefined): boolean {
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

/** A map of fields: neither a list nor a date. */
export const isMap = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

const join = (earlier: EncodedProjection, later: EncodedProjection): EncodedProjection => ({
  ...later,
  isFinal: earlier.isFinal || later.isFinal,
  fields: mergeFields(earlier.fields, later.fields),
})

function dropEmpty(map: Document): Document {
  const kept: { [field: string]: unknown } = {}
  for (const [field, value] of Object.entries(map)) {
    const stored = isMap(value) ? dropEmpty(value) : value
    if (stored !== undefined && !(isMap(stored) && Object.keys(stored).length === 0)) kept[field] = stored
  }
  return kept
}
