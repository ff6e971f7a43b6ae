import type { PubSub, Topic } from '@google-cloud/pubsub'
import type { WorkerService } from 'graupel/execution'
import {
  type LaneMessage,
  type LeaseReply,
  type LeaseRequest,
  leaseReplySchema,
  type RenewReply,
  type RenewRequest,
  renewReplySchema,
  type ShardDelivery,
  type StopsReply,
  type StopsRequest,
  stopsReplySchema,
  workersTopic,
} from 'graupel/model'
import pRetry from 'p-retry'
import type { z } from 'zod'
import type { Metadata } from './metadata.ts'

/** A request is given up this long after the latest moment at which its answer was due. */
const timeoutMs = 20_000
const renewRetries = 2

export interface ServiceClientOptions {
  /** By lane. */
  readonly kernelUrls: readonly string[]
  readonly pubsub: PubSub
  readonly topicPrefix: string
  /** Where this machine's identity comes from. Absent: requests carry none. */
  readonly metadata?: Metadata | undefined
}

/** The service over HTTP and Pub/Sub. */
export class ServiceClient implements WorkerService {
  readonly #options: ServiceClientOptions
  readonly #topics = new Map<number, Topic>()

  constructor(options: ServiceClientOptions) {
    this.#options = options
  }

  lease(lane: number, request: LeaseRequest, signal: AbortSignal): Promise<LeaseReply> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(request.waitMs + timeoutMs)])
    return this.#post(lane, 'lease', request, leaseReplySchema, within)
  }

  renew(lane: number, request: RenewRequest): Promise<RenewReply> {
    const renewOnce = () => this.#post(lane, 'renew', request, renewReplySchema, AbortSignal.timeout(timeoutMs))
    return pRetry(renewOnce, { retries: renewRetries, minTimeout: 1000, randomize: true })
  }

  awaitStops(lane: number, request: StopsRequest, signal: AbortSignal): Promise<StopsReply> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(request.waitMs + timeoutMs)])
    return this.#post(lane, 'stops', request, stopsReplySchema, within)
  }

  /** The client library repeats what fails in passing, and the worker what fails for longer. */
  async publish(lane: number, deliveries: readonly ShardDelivery[]): Promise<void> {
    const message: LaneMessage = { deliveries: [...deliveries] }
    await this.#topic(lane).publishMessage({ json: message })
  }

  async #post<S extends z.ZodType>(
    lane: number,
    path: string,
    body: unknown,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const url = this.#options.kernelUrls[lane]
    if (url === undefined) throw new Error(`lane ${lane} has no address`)
    const token = await this.#options.metadata?.identityToken(url)
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal,
    })
    if (!response.ok) {
      const text = (await response.text()).slice(0, 500)
      throw new Error(`lane ${lane} answered ${response.status} to ${path}: ${text}`)
    }
    return schema.parse(await response.json())
  }

  /** Ends have waited for company already. */
  #topic(lane: number): Topic {
    const topic =
      this.#topics.get(lane) ??
      this.#options.pubsub.topic(workersTopic(this.#options.topicPrefix, lane), {
        batching: { maxMessages: 1, maxMilliseconds: 0 },
      })
    this.#topics.set(lane, topic)
    return topic
  }
}
