export { ClosableStore } from './closable-store.ts'
export { FirestoreStore } from './firestore-store.ts'
export { PubSubEventBus, type PubSubEventBusOptions } from './pubsub-event-bus.ts'
export { type Unsubscribe, watchCollection, watchDocument } from './watch.ts'
