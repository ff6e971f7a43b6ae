import { type AttemptRef, maxDeliveriesPerMessage, type ShardDelivery } from '../../model/index.ts'
import { keyOf, refOf } from './attempt-key.ts'
import { bundle, type OutgoingEvent } from './bundle-events.ts'
import type { WorkerOptions, WorkerTiming } from './worker-options.ts'

interface UnconfirmedEnd extends OutgoingEvent {
  /** When it was last handed over; `undefined` until then. */
  publishedAt: number | undefined
}

/** Tells the service what has happened to attempts, and remembers ends until the service has recorded them. */
export class Outbox {
  readonly #options: WorkerOptions
  readonly #timing: WorkerTiming
  readonly #waiting = new Map<number, OutgoingEvent[]>()
  readonly #unconfirmed = new Map<string, UnconfirmedEnd>()
  readonly #underWay = new Set<Promise<void>>()
  #lingering: AbortController | undefined
  /** Aborted: what cannot be handed over now is given up. */
  readonly #giveUp = new AbortController()

  constructor(options: WorkerOptions, timing: WorkerTiming) {
    this.#options = options
    this.#timing = timing
  }

  get unconfirmedEnds(): number {
    return this.#unconfirmed.size
  }

  /** `isUrgent`: nothing is likely to follow soon that could travel with it. */
  add(outgoing: OutgoingEvent, isUrgent: boolean): void {
    const { assignment, event } = outgoing
    if (event.type === 'attemptEnded') {
      this.#unconfirmed.set(keyOf(assignment), { ...outgoing, publishedAt: undefined })
    }
    const waiting = this.#waiting.get(assignment.lane) ?? []
    waiting.push(outgoing)
    this.#waiting.set(assignment.lane, waiting)
    if (isUrgent || this.#timing.lingerMs === 0) this.flush()
    else if (this.#lingering === undefined) void this.#linger()
  }

  /** Hands over what waits, now. */
  flush(): void {
    this.#lingering?.abort('flushed')
    this.#lingering = undefined
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const [lane, events] of waiting) {
      for (const deliveries of bundle(events, maxDeliveriesPerMessage)) this.#send(lane, deliveries, events)
    }
  }

  confirm(refs: readonly AttemptRef[]): void {
    for (const ref of refs) this.#unconfirmed.delete(keyOf(ref))
  }

  allUnconfirmed(): AttemptRef[] {
    return [...this.#unconfirmed.values()].map(({ assignment }) => refOf(assignment))
  }

  unconfirmed(lane: number): AttemptRef[] {
    return this.#endsOf(lane).map(({ assignment }) => refOf(assignment))
  }

  lanes(): ReadonlySet<number> {
    return new Set([...this.#unconfirmed.values()].map(({ assignment }) => assignment.lane))
  }

  /** Tells again what a request, sent at `askedAt`, has named and its answer has not confirmed. */
  republish(lane: number, askedAt: number): void {
    for (const end of this.#endsOf(lane)) {
      if (end.publishedAt === undefined || askedAt - end.publishedAt < this.#timing.republishMs) continue
      end.publishedAt = undefined
      this.add({ assignment: end.assignment, event: end.event }, false)
    }
  }

  /** Resolves when all is handed over; what is not after `graceMs` is given up. */
  async close(graceMs: number): Promise<void> {
    this.flush()
    const settled = new AbortController()
    const handedOver = Promise.all(this.#underWay).then(() => settled.abort('handed over'))
    await Promise.race([handedOver, this.#options.clock.sleep(graceMs, settled.signal)])
    this.#giveUp.abort()
  }

  async #linger(): Promise<void> {
    const lingering = new AbortController()
    this.#lingering = lingering
    await this.#options.clock.sleep(this.#timing.lingerMs, lingering.signal)
    if (!lingering.signal.aborted) this.flush()
  }

  #send(lane: number, deliveries: readonly ShardDelivery[], events: readonly OutgoingEvent[]): void {
    const sending = this.#publish(lane, deliveries).then(() => this.#notePublished(events))
    this.#underWay.add(sending)
    void sending.then(() => this.#underWay.delete(sending))
  }

  async #publish(lane: number, deliveries: readonly ShardDelivery[]): Promise<void> {
    const { service, clock, log } = this.#options
    let pauseMs = this.#timing.retryMs
    while (true) {
      try {
        return await service.publish(lane, deliveries)
      } catch (error) {
        log?.warn({ lane, error }, 'events could not be published')
        await clock.sleep(pauseMs, this.#giveUp.signal)
        if (this.#giveUp.signal.aborted) return
        pauseMs = Math.min(pauseMs * 2, this.#timing.retryMs * 10)
      }
    }
  }

  #notePublished(events: readonly OutgoingEvent[]): void {
    const now = this.#options.clock.now()
    for (const { assignment } of events) {
      const end = this.#unconfirmed.get(keyOf(assignment))
      if (end !== undefined) end.publishedAt ??= now
    }
  }

  #endsOf(lane: number): UnconfirmedEnd[] {
    return [...this.#unconfirmed.values()].filter(({ assignment }) => assignment.lane === lane)
  }
}
