import type { Clock, EventBus, Store } from 'graupel/engine'
import type { ObjectStore } from 'graupel/storage'

/** What the api answers from. */
export interface ApiServices {
  readonly store: Store
  readonly bus: EventBus
  readonly objects: ObjectStore
  readonly clock: Clock
}
