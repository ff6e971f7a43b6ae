import type { PubSub } from '@google-cloud/pubsub'
import { laneTopic, workersTopic } from 'graupel/model'

export interface Lanes {
  readonly project: string
  readonly topicPrefix: string
  /** Where the kernel of each lane listens, `http://host:port`. */
  readonly kernelUrls: readonly string[]
  /** How often each message is delivered: by so many subscriptions. */
  readonly deliveries: number
}

/** The two topics of each lane, pushed to its kernel as in production: a failure comes again soon. */
export async function createLanes(pubsub: PubSub, lanes: Lanes): Promise<void> {
  await Promise.all(
    lanes.kernelUrls.flatMap((url, lane) =>
      [laneTopic, workersTopic].map((nameOf) => createTopic(pubsub, lanes, nameOf(lanes.topicPrefix, lane), url)),
    ),
  )
}

async function createTopic(pubsub: PubSub, lanes: Lanes, name: string, url: string): Promise<void> {
  const [topic] = await pubsub.createTopic(name)
  for (let delivery = 1; delivery <= lanes.deliveries; delivery++)
    await topic.createSubscription(delivery === 1 ? `${name}-kernel` : `${name}-kernel-${delivery}`, {
      // The framework takes the topic from this path.
      pushEndpoint: `${url}/projects/${lanes.project}/topics/${name}`,
      ackDeadlineSeconds: 60,
      retryPolicy: { minimumBackoff: { nanos: 100_000_000 }, maximumBackoff: { seconds: 10 } },
    })
}
