import {
  ConflictError,
  type Document,
  type Projection,
  type Query,
  type Revision,
  type Store,
  type StoredDocument,
  type Write,
} from '../ports.ts'
import { encodeProjection, isOutdated, mergeFields } from '../projection.ts'
import { cloneDocument } from './clone-document.ts'
import { MemoryCollection, type MemoryEntry } from './memory-collection.ts'
import { collectionOf, matchEntries } from './memory-query.ts'

/**
 * All documents in this process, gone with it. Documents are copied on their way in and out.
 * @example
 * const store = new MemoryStore()
 * const [revision] = await store.commit([{ kind: 'set', path: 'batches/b', document: { version: 1 }, expect: 'absent' }])
 */
export class MemoryStore implements Store {
  readonly #collections = new Map<string, MemoryCollection>()
  /** Shards with Ready work: the one question that is asked all the time. */
  readonly #readyShards = new Map<string, MemoryEntry>()
  #commits = 0

  async read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return paths.map((path) => {
      const entry = this.#find(path)
      return entry === undefined ? undefined : copyEntry(entry)
    })
  }

  async commit(writes: readonly Write[]): Promise<Revision[]> {
    for (const write of writes) this.#check(write)
    const entries = writes.map((write) => (write.kind === 'set' ? cloneDocument(write.document) : undefined))
    const revision = this.#nextRevision()
    return writes.map((write, index) => {
      const document = entries[index]
      if (document === undefined) return this.#delete(write.path)
      this.#put({ path: write.path, document, revision })
      return revision
    })
  }

  async query(query: Query): Promise<StoredDocument[]> {
    return matchEntries(query, this.#collections, this.#readyShards).map(copyEntry)
  }

  async project(projections: readonly Projection[]): Promise<void> {
    for (const projection of projections.map(encodeProjection)) {
      const stored = this.#find(projection.path)?.document
      if (isOutdated(projection, stored)) continue
      const document = mergeFields(stored ?? {}, cloneDocument(projection.fields))
      this.#put({ path: projection.path, document, revision: this.#nextRevision() })
    }
  }

  #find(path: string): MemoryEntry | undefined {
    return this.#collections.get(collectionOf(path))?.get(path)
  }

  #check(write: Write): void {
    if (write.kind === 'delete' || write.expect === 'any') return
    const found = this.#find(write.path)?.revision ?? 'absent'
    if (found !== write.expect) throw new ConflictError(write.path)
  }

  #put(entry: MemoryEntry): void {
    const name = collectionOf(entry.path)
    const collection = this.#collections.get(name) ?? new MemoryCollection()
    this.#collections.set(name, collection)
    collection.set(entry)
    if (isReadyShard(name, entry.document)) this.#readyShards.set(entry.path, entry)
    else this.#readyShards.delete(entry.path)
  }

  #delete(path: string): Revision {
    this.#collections.get(collectionOf(path))?.delete(path)
    this.#readyShards.delete(path)
    return revisionOf('')
  }

  #nextRevision(): Revision {
    this.#commits += 1
    return revisionOf(String(this.#commits))
  }
}

const copyEntry = (entry: MemoryEntry): StoredDocument => ({ ...entry, document: cloneDocument(entry.document) })

const revisionOf = (text: string): Revision => text as Revision

const isReadyShard = (collection: string, document: Document): boolean =>
  collection.endsWith('/shards') && Array.isArray(document.readyPools) && document.readyPools.length > 0
