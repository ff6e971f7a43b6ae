import type { Document, Projection, Query, Revision, Store, StoredDocument, Write } from '../../engine/ports.ts'
import type { Changes, Unsubscribe } from '../home.ts'

type Found = Pick<StoredDocument, 'path' | 'document'>

/** A store that tells of what is committed through it. Listeners are called after the commit, never within a call. */
export class ObservedStore implements Store, Changes {
  readonly #store: Store
  readonly #ofPath = new Map<string, Set<(document: Document | undefined) => void>>()
  readonly #ofCollection = new Map<string, Set<(changed: readonly Found[]) => void>>()

  constructor(store: Store) {
    this.#store = store
  }

  read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return this.#store.read(paths)
  }

  async commit(writes: readonly Write[]): Promise<Revision[]> {
    const revisions = await this.#store.commit(writes)
    this.#tell(writes)
    return revisions
  }

  query(query: Query): Promise<StoredDocument[]> {
    return this.#store.query(query)
  }

  project(projections: readonly Projection[]): Promise<void> {
    return this.#store.project(projections)
  }

  ofDocument(
    path: string,
    onChange: (document: Document | undefined) => void,
    onError: (error: Error) => void,
  ): Unsubscribe {
    const unsubscribe = subscribe(this.#ofPath, path, onChange)
    void this.#store.read([path]).then(([found]) => {
      if (this.#ofPath.get(path)?.has(onChange) === true) onChange(found?.document)
    }, onError)
    return unsubscribe
  }

  ofCollection(
    path: string,
    onChange: (changed: readonly Found[]) => void,
    onError: (error: Error) => void,
  ): Unsubscribe {
    const unsubscribe = subscribe(this.#ofCollection, path, onChange)
    const query = { kind: 'collection' as const, path, limit: Number.MAX_SAFE_INTEGER }
    void this.#store.query(query).then((found) => {
      if (this.#ofCollection.get(path)?.has(onChange) === true) onChange(found)
    }, onError)
    return unsubscribe
  }

  #tell(writes: readonly Write[]): void {
    for (const write of writes) {
      const document = write.kind === 'set' ? write.document : undefined
      for (const listener of this.#ofPath.get(write.path) ?? []) listener(document)
      if (document === undefined) continue
      const collection = write.path.slice(0, write.path.lastIndexOf('/'))
      for (const listener of this.#ofCollection.get(collection) ?? []) listener([{ path: write.path, document }])
    }
  }
}

function subscribe<L>(listeners: Map<string, Set<L>>, path: string, listener: L): Unsubscribe {
  const ofPath = listeners.get(path) ?? new Set<L>()
  listeners.set(path, ofPath.add(listener))
  return () => {
    ofPath.delete(listener)
    if (ofPath.size === 0 && listeners.get(path) === ofPath) listeners.delete(path)
  }
}
