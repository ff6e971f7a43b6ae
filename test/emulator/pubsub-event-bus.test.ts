import type { PubSub, Subscription } from '@google-cloud/pubsub'
import { PubSubEventBus } from 'graupel/google'
import { laneMessageSchema, laneTopic } from 'graupel/model'
import { afterEach, describe } from 'vitest'
import { describeEventBus } from '../conformance/event-bus.ts'
import { connectPubSub, emulatorsMissing, freshProject } from './emulated-clients.ts'

describe.skipIf(emulatorsMissing)('the event bus on Pub/Sub', () => {
  const clients: PubSub[] = []
  const subscriptions: Subscription[] = []
  afterEach(async () => {
    await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()))
    await Promise.all(clients.splice(0).map((client) => client.close()))
  })

  describeEventBus(async () => {
    const client = connectPubSub(freshProject())
    clients.push(client)
    const lanes = await Promise.all([0, 1].map((lane) => makeLane(client, lane)))
    return {
      bus: new PubSubEventBus(client, { topicPrefix: 'test' }),
      attach(lane, handler) {
        const subscription = lanes[lane]
        if (subscription === undefined) throw new Error(`there is no lane ${lane}`)
        subscriptions.push(subscription)
        subscription.on('message', (message) => {
          const parsed = laneMessageSchema.parse(JSON.parse(message.data.toString()))
          handler(parsed).then(
            () => message.ack(),
            () => message.nack(),
          )
        })
      },
    }
  })
})

async function makeLane(client: PubSub, lane: number): Promise<Subscription> {
  const [topic] = await client.createTopic(laneTopic('test', lane))
  const [subscription] = await topic.createSubscription(`lane-${lane}`, {
    retryPolicy: { minimumBackoff: { nanos: 100_000_000 } },
  })
  return subscription
}
