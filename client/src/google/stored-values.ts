import { type DocumentData, type DocumentSnapshot, Timestamp } from '@google-cloud/firestore'
import type { Document, StoredDocument } from '../engine/ports.ts'
import { encodeRevision } from './revision.ts'

/** What a snapshot holds, with dates where Firestore has timestamps; `undefined` if there is no document. */
export function toStoredDocument(snapshot: DocumentSnapshot): StoredDocument | undefined {
  const data = snapshot.data()
  if (data === undefined || snapshot.updateTime === undefined) return undefined
  const document = toDocument(data)
  return { path: snapshot.ref.path, document, revision: encodeRevision(snapshot.updateTime, document) }
}

function toDocument(data: DocumentData): Document {
  const document: { [field: string]: unknown } = {}
  for (const [field, value] of Object.entries(data)) document[field] = toValue(value)
  return document
}

function toValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Timestamp) return value.toDate()
  return Array.isArray(value) ? value.map(toValue) : toDocument(value)
}
