import type { Firestore } from '@google-cloud/firestore'
import type { PubSub } from '@google-cloud/pubsub'
import { systemClock } from '../../engine/memory/system-clock.ts'
import type { Document, EventBus, Store, StoredDocument } from '../../engine/ports.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { ClosableStore } from '../../google/closable-store.ts'
import type { PubSubEventBus } from '../../google/pubsub-event-bus.ts'
import type { BatchId } from '../../model/index.ts'
import { FileObjectStore, GcsObjectStore, type ObjectStore, routeByScheme } from '../../storage/index.ts'
import type { Changes, Home, Unsubscribe } from '../home.ts'
import { OpenWatches } from './open-watches.ts'
import type { ServiceConfiguration } from './service-configuration.ts'
import { toServiceError } from './service-errors.ts'
import type { ServiceBackendOptions } from './service-options.ts'

type Watch = Pick<typeof import('../../google/index.ts'), 'watchDocument' | 'watchCollection'>

interface Connections {
  readonly firestore: Firestore
  readonly pubsub: PubSub
  readonly store: ClosableStore
  readonly bus: PubSubEventBus
  readonly watch: Watch
}

/** The service on Google Cloud, or its emulators, as a client sees it. */
export class GoogleHome implements Home, Changes {
  readonly clock = systemClock
  readonly logPollMs = 500
  readonly changes: Changes
  readonly objects: ObjectStore
  readonly #configuration: ServiceConfiguration
  readonly #connections: Connections
  readonly #watches = new OpenWatches()

  /** Loads the client libraries: programs that stay on this machine never do. */
  static async open(configuration: ServiceConfiguration, options: ServiceBackendOptions): Promise<GoogleHome> {
    return new GoogleHome(configuration, options, await connect(configuration))
  }

  private constructor(configuration: ServiceConfiguration, options: ServiceBackendOptions, connections: Connections) {
    this.#configuration = configuration
    this.#connections = connections
    this.changes = this
    this.objects = routeByScheme({
      file: new FileObjectStore(),
      gs: new GcsObjectStore({
        project: configuration.project,
        apiEndpoint: configuration.storageUrl,
        userProjectOf: (bucket) => payerOf(options, bucket),
      }),
    })
  }

  get store(): Store {
    return this.#connections.store
  }

  get bus(): EventBus {
    return this.#connections.bus
  }

  get user(): string {
    return this.#configuration.user
  }

  get deployedLanes(): number {
    return this.#configuration.lanes
  }

  rootOf(batch: BatchId): string {
    return `${this.#configuration.remoteTmpdir}/${batch}`
  }

  ofDocument(
    path: string,
    onChange: (document: Document | undefined) => void,
    onError: (error: Error) => void,
  ): Unsubscribe {
    const { firestore, watch } = this.#connections
    return this.#watches.add(
      (fail) => watch.watchDocument(firestore, path, (stored) => onChange(stored?.document), fail),
      (error) => onError(toServiceError(error)),
    )
  }

  ofCollection(
    path: string,
    onChange: (changed: readonly Pick<StoredDocument, 'path' | 'document'>[]) => void,
    onError: (error: Error) => void,
  ): Unsubscribe {
    const { firestore, watch } = this.#connections
    return this.#watches.add(
      (fail) => watch.watchCollection(firestore, path, onChange, fail),
      (error) => onError(toServiceError(error)),
    )
  }

  async close(): Promise<void> {
    const { firestore, pubsub, store, bus } = this.#connections
    this.#watches.close(closed())
    await store.close()
    await bus.close()
    await Promise.all([firestore.terminate(), pubsub.close()])
  }
}

/** What meets a backend that has been closed. */
export const closed = (): Error =>
  new InvalidBatchError({ message: 'This ServiceBackend has been closed; make a new one' })

async function connect(configuration: ServiceConfiguration): Promise<Connections> {
  const { project, database, firestoreHost, pubsubHost, topicPrefix } = configuration
  const [{ Firestore }, { PubSub }, google] = await Promise.all([
    import('@google-cloud/firestore'),
    import('@google-cloud/pubsub'),
    import('../../google/index.ts'),
  ])
  const local =
    firestoreHost === undefined
      ? {}
      : { host: firestoreHost, ssl: false, customHeaders: { Authorization: 'Bearer owner' } }
  const firestore = new Firestore({ projectId: project, databaseId: database, ...local })
  const pubsub = new PubSub({
    projectId: project,
    ...(pubsubHost !== undefined && { apiEndpoint: pubsubHost, emulatorMode: true }),
  })
  const store = new google.ClosableStore(new google.FirestoreStore(firestore), closed)
  return { firestore, pubsub, store, bus: new google.PubSubEventBus(pubsub, { topicPrefix }), watch: google }
}

function payerOf({ gcsRequesterPaysConfiguration: payer }: ServiceBackendOptions, bucket: string): string | undefined {
  if (payer === undefined || typeof payer === 'string') return payer
  return payer.buckets.includes(bucket) ? payer.project : undefined
}
