import type { Clock, EventBus, Store } from '../engine/ports.ts'
import type { BatchId } from '../model/index.ts'
import type { ObjectStore } from '../storage/object-store.ts'

/** All that submitting needs of the place where batches live. */
export interface SubmissionServices {
  readonly store: Store
  readonly bus: EventBus
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Whose batches these are. */
  readonly user: string
  /** Lanes that new batches spread over. */
  readonly deployedLanes: number
  /** Shards of new batches close at this many jobs at the latest. Default 512. */
  readonly maxShardJobs?: number | undefined
  /** The folder of a batch in the object store. */
  rootOf(batch: BatchId): string
}
