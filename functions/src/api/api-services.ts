import type { Clock, EventBus, Store } from 'graupel/engine'
import type { ObjectStore } from 'graupel/storage'

/** Where batches that are submitted here go. */
export interface Placement {
  readonly deployedLanes: number
  /** Folder of the batches' folders, `gs://bucket/folder`. Absent: nothing can be submitted. */
  readonly remoteTmpdir?: string | undefined
}

/** What the api answers from. */
export interface ApiServices {
  readonly store: Store
  readonly bus: EventBus
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly placement: Placement
}
