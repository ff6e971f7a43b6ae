import type { PubSub, Topic } from '@google-cloud/pubsub'
import type { EventBus } from '../engine/ports.ts'
import { type LaneMessage, laneTopic } from '../model/index.ts'

export interface PubSubEventBusOptions {
  /** Topics are called `<prefix>-lane-<n>`. */
  readonly topicPrefix: string
  /** How long a message waits for others to travel with. Default 5 ms. */
  readonly lingerMs?: number
}

/**
 * Messages through Pub/Sub, as JSON. The client is the caller's.
 * @example
 * const bus = new PubSubEventBus(new PubSub({ projectId: 'my-project' }), { topicPrefix: 'graupel' })
 */
export class PubSubEventBus implements EventBus {
  readonly #client: PubSub
  readonly #options: PubSubEventBusOptions
  readonly #topics = new Map<number, Topic>()

  constructor(client: PubSub, options: PubSubEventBusOptions) {
    this.#client = client
    this.#options = options
  }

  async publish(lane: number, message: LaneMessage): Promise<void> {
    await this.#topic(lane).publishMessage({ json: message })
  }

  /** Sends what lingers. */
  async close(): Promise<void> {
    await Promise.all([...this.#topics.values()].map((topic) => topic.flush()))
  }

  #topic(lane: number): Topic {
    const known = this.#topics.get(lane)
    if (known !== undefined) return known
    const topic = this.#client.topic(laneTopic(this.#options.topicPrefix, lane), {
      batching: { maxMilliseconds: this.#options.lingerMs ?? 5, maxMessages: 100, maxBytes: 2 ** 20 },
    })
    this.#topics.set(lane, topic)
    return topic
  }
}
