import { FieldValue, type Firestore, type WriteBatch } from '@google-cloud/firestore'
import type { Projection, Query, Revision, Store, StoredDocument, Write } from '../engine/ports.ts'
import { checkCommitSize } from './document-size.ts'
import { asConflict } from './firestore-errors.ts'
import { projectJobs } from './firestore-projection.ts'
import { toFirestoreQuery } from './firestore-query.ts'
import { decodeRevision, encodeRevision } from './revision.ts'
import { toStoredDocument } from './stored-values.ts'

/**
 * Documents in Firestore. The client is the caller's: it is neither configured nor closed here.
 * @example
 * const store = new FirestoreStore(new Firestore({ projectId: 'my-project' }))
 */
export class FirestoreStore implements Store {
  readonly #firestore: Firestore

  constructor(firestore: Firestore) {
    this.#firestore = firestore
  }

  async read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    if (paths.length === 0) return []
    const snapshots = await this.#firestore.getAll(...paths.map((path) => this.#firestore.doc(path)))
    return snapshots.map(toStoredDocument)
  }

  async commit(writes: readonly Write[]): Promise<Revision[]> {
    if (writes.length === 0) return []
    checkCommitSize(writes)
    const batch = this.#firestore.batch()
    for (const write of writes) addWrite(this.#firestore, batch, write)
    const results = await asConflict(batch.commit(), writes[0]?.path ?? '')
    return writes.map((write, index) => {
      const result = results[index]
      if (write.kind === 'delete' || result === undefined) return '' as Revision
      return encodeRevision(result.writeTime, write.document)
    })
  }

  async query(query: Query): Promise<StoredDocument[]> {
    const { docs } = await toFirestoreQuery(this.#firestore, query).get()
    return docs.flatMap((snapshot) => toStoredDocument(snapshot) ?? [])
  }

  project(projections: readonly Projection[]): Promise<void> {
    return projectJobs(this.#firestore, projections)
  }
}

function addWrite(firestore: Firestore, batch: WriteBatch, write: Write): void {
  const reference = firestore.doc(write.path)
  if (write.kind === 'delete') batch.delete(reference)
  else if (write.expect === 'any') batch.set(reference, write.document)
  else if (write.expect === 'absent') batch.create(reference, write.document)
  else {
    const { updateTime, fields } = decodeRevision(write.expect)
    const removed = fields.filter((field) => !Object.hasOwn(write.document, field))
    const deletions = Object.fromEntries(removed.map((field) => [field, FieldValue.delete()]))
    batch.update(reference, { ...write.document, ...deletions }, { lastUpdateTime: updateTime })
  }
}
