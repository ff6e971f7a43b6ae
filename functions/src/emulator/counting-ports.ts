import type { HttpFunction } from '@google-cloud/functions-framework'
import type { EventBus, Store, TaskQueue } from 'graupel/engine'

/** What the parts of a service have cost, each kind by its name. */
export class Counters {
  readonly #totals = new Map<string, number>()

  add(name: string, amount = 1): void {
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + amount)
  }

  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals)
  }
}

interface Ports {
  readonly store: Store
  readonly bus: EventBus
  readonly tasks: TaskQueue
}

/** The same ports, counted: documents and requests of the store, messages and tasks that are sent. */
export const countPorts = ({ store, bus, tasks }: Ports, counters: Counters): Ports => ({
  store: countStore(store, counters),
  bus: {
    publish(lane, message) {
      counters.add('messages sent by functions')
      return bus.publish(lane, message)
    },
  },
  tasks: {
    enqueue(task) {
      counters.add('tasks')
      return tasks.enqueue(task)
    },
  },
})

const countStore = (store: Store, counters: Counters): Store => ({
  read(paths) {
    counters.add('reads')
    counters.add('documents read', paths.length)
    return store.read(paths)
  },
  commit(writes) {
    counters.add('commits')
    counters.add('documents written', writes.length)
    return store.commit(writes)
  },
  async query(query) {
    const found = await store.query(query)
    counters.add('queries')
    counters.add('documents read', Math.max(1, found.length))
    return found
  },
  project(projections) {
    counters.add('projections')
    counters.add('documents projected', projections.length)
    return store.project(projections)
  },
})

/** The same function, its calls counted by what they ask for: a worker's lease or renewal, or else a push. */
export const countCalls =
  (handler: HttpFunction, counters: Counters): HttpFunction =>
  (request, response) => {
    const asked = ['lease', 'renew'].find((path) => request.path.endsWith(`/${path}`))
    counters.add(`${asked ?? 'push'} calls`)
    return handler(request, response)
  }
