import { Timestamp } from '@google-cloud/firestore'
import type { Document, Revision } from '../engine/ports.ts'

/**
 * A revision is the time of the last write, to the nanosecond, and the names of the fields that stood there then. The
 * client replaces a document under a precondition only field by field, so it must know which ones to take away.
 */
export function encodeRevision(updateTime: Timestamp, document: Document): Revision {
  const fields = Object.keys(document).sort().join(',')
  return `${updateTime.seconds}.${String(updateTime.nanoseconds).padStart(9, '0')};${fields}` as Revision
}

/** @throws Error if the text is no revision of this store */
export function decodeRevision(revision: Revision): { updateTime: Timestamp; fields: string[] } {
  const [, seconds, nanoseconds, fields] = /^(-?\d+)\.(\d{9});(.*)$/s.exec(revision) ?? []
  if (fields === undefined) throw new Error(`'${revision}' is not a revision of a Firestore document`)
  return { updateTime: new Timestamp(Number(seconds), Number(nanoseconds)), fields: fields.split(',') }
}
