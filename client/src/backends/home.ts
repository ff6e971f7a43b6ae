import type { Clock, Document, EventBus, Store, StoredDocument } from '../engine/ports.ts'
import type { BatchId } from '../model/index.ts'
import type { ObjectStore } from '../storage/object-store.ts'

export type Unsubscribe = () => void

/** Tells of stored documents as they are now and whenever they change. After `onError` no more calls come. */
export interface Changes {
  /** `undefined` while there is no such document. */
  ofDocument(
    path: string,
    onChange: (document: Document | undefined) => void,
    onError: (error: Error) => void,
  ): Unsubscribe
  /** All documents of the collection first, then those that came or changed. */
  ofCollection(
    path: string,
    onChange: (changed: readonly Pick<StoredDocument, 'path' | 'document'>[]) => void,
    onError: (error: Error) => void,
  ): Unsubscribe
}

/** The place where batches live, as a client sees it: all that submitting, waiting and asking need. */
export interface Home {
  readonly store: Store
  readonly bus: EventBus
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly changes: Changes
  /** Whose batches these are. */
  readonly user: string
  /** Lanes that new batches spread over. */
  readonly deployedLanes: number
  /** Pause between two looks at a log that is still written. */
  readonly logPollMs: number
  /** Shards of new batches close at this many jobs at the latest. Default 512. */
  readonly maxShardJobs?: number | undefined
  /** The folder of a batch in the object store. */
  rootOf(batch: BatchId): string
}
