import { type Clock, type EngineLog, type EventBus, type Store, systemClock, type TaskQueue } from 'graupel/engine'
import { ClosableStore, FirestoreStore, PubSubEventBus } from 'graupel/google'
import { GcsObjectStore, type ObjectStore } from 'graupel/storage'
import type { Placement } from './api/api-services.ts'
import type { FunctionsConfig } from './config.ts'
import { connectFirestore, connectPubSub } from './connect-google.ts'
import { connectTasks } from './connect-tasks.ts'

/** What the functions work with. */
export interface Services {
  readonly store: Store
  readonly bus: EventBus
  readonly tasks: TaskQueue
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly log: EngineLog
  readonly placement: Placement
  /** Makes the task queues that are not there. On Google Cloud they are there already. */
  createQueues(): Promise<void>
  /** Sends what waits and closes all connections. */
  close(): Promise<void>
}

/** The one place that picks the adapters of the ports. */
export function connectServices(config: FunctionsConfig, log: EngineLog): Services {
  const firestore = connectFirestore(config)
  const pubsub = connectPubSub(config)
  const tasks = connectTasks(config)
  const store = new ClosableStore(new FirestoreStore(firestore), () => new Error('the functions are shutting down'))
  const bus = new PubSubEventBus(pubsub, { topicPrefix: config.topicPrefix })
  return {
    store,
    bus,
    tasks: tasks.queue,
    objects: new GcsObjectStore({ project: config.project, apiEndpoint: config.servers.storageUrl }),
    clock: systemClock,
    log,
    placement: { deployedLanes: config.lanes, remoteTmpdir: config.remoteTmpdir },
    createQueues: () => tasks.createQueues(),
    async close() {
      await store.close()
      await bus.close()
      await Promise.all([firestore.terminate(), pubsub.close(), tasks.close()])
    },
  }
}
