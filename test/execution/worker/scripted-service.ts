import type { WorkerService } from 'graupel/execution'
import type {
  Assignment,
  AttemptRef,
  LeaseReply,
  LeaseRequest,
  RenewReply,
  RenewRequest,
  ShardDelivery,
  StopsReply,
  StopsRequest,
} from 'graupel/model'
import type { VirtualClock } from './virtual-clock.ts'

export interface Asked {
  readonly lane: number
  readonly at: number
  readonly request: LeaseRequest
}

/** A service that does what a test tells it, and remembers what it was asked. */
export class ScriptedService implements WorkerService {
  readonly #clock: VirtualClock
  readonly work = new Map<number, Assignment[]>()
  readonly asked: Asked[] = []
  readonly renewed: { lane: number; at: number; request: RenewRequest }[] = []
  readonly published: { lane: number; at: number; deliveries: readonly ShardDelivery[] }[] = []
  readonly listened: { lane: number; at: number; request: StopsRequest }[] = []
  stops: AttemptRef[] = []
  #orders: { lane: number; ref: AttemptRef }[] = []
  /** More than 0: there is no place for those who listen. */
  listenerRetryMs = 0
  /** The most numbers that were open at once. */
  openNumbers = 0
  readonly #open: number[] = []
  confirms = true
  isDown = false
  standing: 'active' | 'refused' = 'active'
  #arrivals: (() => void)[] = []

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  give(lane: number, ...assignments: Assignment[]): void {
    this.work.set(lane, [...(this.work.get(lane) ?? []), ...assignments])
    for (const arrive of this.#arrivals.splice(0)) arrive()
  }

  async lease(lane: number, request: LeaseRequest, signal: AbortSignal): Promise<LeaseReply> {
    this.asked.push({ lane, at: this.#clock.now(), request })
    this.#open.push(request.request)
    this.openNumbers = Math.max(this.openNumbers, new Set(this.#open).size)
    try {
      await this.#wait(lane, request, signal)
      if (this.isDown) throw new Error('the service is down')
      if (signal.aborted) throw new Error('the wait was broken off')
      return this.#answer(lane, request)
    } finally {
      this.#open.splice(this.#open.indexOf(request.request), 1)
    }
  }

  async renew(lane: number, request: RenewRequest): Promise<RenewReply> {
    this.renewed.push({ lane, at: this.#clock.now(), request })
    if (this.isDown) throw new Error('the service is down')
    return { confirmed: this.confirms ? request.unconfirmed : [], stops: this.stops, standing: this.standing }
  }

  /** Tells those who listen at the lane what to stop; what nobody hears waits for the next to ask. */
  order(lane: number, ...refs: AttemptRef[]): void {
    this.#orders.push(...refs.map((ref) => ({ lane, ref })))
    for (const arrive of this.#arrivals.splice(0)) arrive()
  }

  async awaitStops(lane: number, request: StopsRequest, signal: AbortSignal): Promise<StopsReply> {
    const asked = { lane, at: this.#clock.now(), request }
    this.listened.push(asked)
    if (this.isDown) throw new Error('the service is down')
    const woken = new AbortController()
    signal.addEventListener('abort', () => woken.abort())
    const timeUp = this.#clock.sleep(request.waitMs, woken.signal).then(() => woken.abort())
    const isOrdered = () => this.#orders.some((order) => order.lane === lane)
    while (!woken.signal.aborted && !isOrdered() && this.listenerRetryMs === 0)
      await Promise.race([new Promise<void>((resolve) => this.#arrivals.push(resolve)), timeUp])
    woken.abort()
    if (signal.aborted) throw new Error('the wait was broken off')
    const stops = this.#orders.filter((order) => order.lane === lane).map(({ ref }) => ref)
    this.#orders = this.#orders.filter((order) => order.lane !== lane)
    return { stops, retryAfterMs: this.listenerRetryMs }
  }

  async publish(lane: number, deliveries: readonly ShardDelivery[]): Promise<void> {
    if (this.isDown) throw new Error('the topic is down')
    this.published.push({ lane, at: this.#clock.now(), deliveries })
  }

  events() {
    return this.published.flatMap(({ deliveries }) => deliveries).flatMap(({ events }) => events)
  }

  ends() {
    return this.events().flatMap(({ event, token }) => (event.type === 'attemptEnded' ? [{ ...event, token }] : []))
  }

  #hasWork(lane: number, request: LeaseRequest): boolean {
    const next = this.work.get(lane)?.[0]
    return next !== undefined && next.template.cpuMillis <= request.free.cpuMillis
  }

  async #wait(lane: number, request: LeaseRequest, signal: AbortSignal): Promise<void> {
    const woken = new AbortController()
    signal.addEventListener('abort', () => woken.abort())
    const timeUp = this.#clock.sleep(request.waitMs, woken.signal).then(() => woken.abort())
    while (!this.isDown && !woken.signal.aborted && request.waitMs > 0 && !this.#hasWork(lane, request)) {
      await Promise.race([new Promise<void>((resolve) => this.#arrivals.push(resolve)), timeUp])
    }
    woken.abort()
  }

  #answer(lane: number, request: LeaseRequest): LeaseReply {
    const assignments: Assignment[] = []
    let { cpuMillis } = request.free
    const work = this.work.get(lane) ?? []
    while (work[0] !== undefined && assignments.length < request.maxJobs && work[0].template.cpuMillis <= cpuMillis) {
      const given = work.shift()
      if (given === undefined) break
      cpuMillis -= given.template.cpuMillis
      assignments.push(given)
    }
    const standing = request.isLeaving && assignments.length === 0 ? 'left' : this.standing
    const confirmed = this.confirms ? request.unconfirmed : []
    return { request: request.request, assignments, confirmed, stops: [], retryAfterMs: 0, standing }
  }
}
