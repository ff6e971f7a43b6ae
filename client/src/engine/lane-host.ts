import type { BatchEffect, Effect } from '../kernel/index.ts'
import type {
  BatchEvent,
  BatchRecord,
  Delivery,
  LaneMessage,
  LeaseReply,
  LeaseRequest,
  RenewReply,
  RenewRequest,
  ShardEvent,
  ShardRecord,
  StopsReply,
  StopsRequest,
} from '../model/index.ts'
import { allSettled } from './all-settled.ts'
import { Announcer } from './announcer.ts'
import { isAttemptToken } from './attempt-token.ts'
import { callbackBody, deleteBatch, deleteScratch } from './batch-acts.ts'
import { commitUnits, type Unit } from './commit-units.ts'
import type { Engine, EngineServices } from './engine.ts'
import type { Hosted } from './hosted-record.ts'
import { LaneRecords } from './lane-records.ts'
import { Leases } from './leases.ts'
import { type Outgoing, publishAll } from './outgoing.ts'
import { Projector } from './projector.ts'
import { ReadyIndex } from './ready-index.ts'
import { renew } from './renewals.ts'
import { StopOrders } from './stop-orders.ts'
import { StopWaits } from './stop-waits.ts'
import { joinUnits } from './units.ts'

/**
 * The loop of a lane. One turn: load what has events, reduce it, promise jobs to those who wait, commit all of it
 * together, and let effects, answers and acknowledgements follow. Events that come during a commit join the next turn.
 */
export class LaneHost implements Engine {
  readonly services: EngineServices
  readonly projector: Projector
  readonly #records: LaneRecords
  readonly #index = new ReadyIndex()
  readonly #stops = new StopOrders()
  readonly #stopWaits: StopWaits
  readonly #leases: Leases
  readonly #announcer: Announcer
  readonly #closing = new AbortController()
  /** What is being done, by its batch and key: it may take longer than the sweep takes to ask for it again. */
  readonly #acts = new Map<string, Promise<void>>()
  #turning: Promise<void> | undefined
  #isTurnWanted = false

  constructor(services: EngineServices) {
    this.services = services
    this.projector = new Projector(services)
    this.#announcer = new Announcer(services)
    this.#records = new LaneRecords(this)
    this.#stopWaits = new StopWaits(services, this.#stops)
    this.#leases = new Leases({
      services,
      records: this.#records,
      index: this.#index,
      stops: this.#stops,
      scheduleTurn: () => this.#scheduleTurn(),
    })
  }

  async deliver(message: LaneMessage): Promise<void> {
    await allSettled(message.deliveries.map((delivery) => this.#deliverOne(delivery)))
  }

  lease(request: LeaseRequest, signal?: AbortSignal): Promise<LeaseReply> {
    return this.#leases.ask(request, signal)
  }

  renew(request: RenewRequest): Promise<RenewReply> {
    const { services } = this
    return renew({ services, records: this.#records, scheduleTurn: () => this.#scheduleTurn() }, request)
  }

  awaitStops(request: StopsRequest, signal?: AbortSignal): Promise<StopsReply> {
    return this.#stopWaits.wait(request, signal)
  }

  async idle(): Promise<void> {
    while (this.#acts.size > 0 || !this.projector.isIdle) {
      await Promise.all(this.#acts.values())
      await this.projector.idle()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#stopWaits.close()
    this.#leases.close()
    while (this.#turning !== undefined) await this.#turning
    await Promise.all(this.#acts.values())
    await this.projector.close()
  }

  // What the hosted records need of their surroundings.

  async send(outgoing: readonly Outgoing[]): Promise<void> {
    const { lane, bus } = this.services
    const own = outgoing.filter((one) => one.lane === lane)
    const others = outgoing.filter((one) => one.lane !== lane)
    await allSettled([publishAll(bus, others), ...own.map((one) => this.#deliverOne(one.delivery))])
  }

  readyChanged(record: ShardRecord): void {
    if (record.lane !== this.services.lane) return
    // A record that is only read again brings no work: or a turn that reads it would call the next one for ever.
    if (this.#index.update(record)) this.#scheduleTurn()
  }

  async announce(effects: readonly Effect[]): Promise<void> {
    const now = this.services.clock.now()
    for (const effect of effects)
      if (effect.kind === 'announceReadyWork' && effect.notBefore > now) void this.#wakeAt(effect.notBefore)
    await this.#announcer.announce(effects)
  }

  stop(record: ShardRecord, effects: readonly Effect[]): void {
    for (const worker of this.#stops.add(record, effects)) if (!this.#stopWaits.tell(worker)) this.#leases.hurry(worker)
  }

  act(record: BatchRecord, effect: Extract<BatchEffect, { kind: 'callBack' | 'deleteScratch' | 'deleteBatch' }>): void {
    const key = `${record.id} ${effect.key}`
    if (this.#acts.has(key)) return
    const acting = this.#act(record, effect)
      .catch((error) => this.services.log.warn({ batch: record.id, error: String(error) }, `${effect.kind} failed`))
      .finally(() => this.#acts.delete(key))
    this.#acts.set(key, acting)
  }

  async #act(record: BatchRecord, effect: Parameters<LaneHost['act']>[1]): Promise<void> {
    switch (effect.kind) {
      case 'callBack':
        await this.services.callBack(effect.url, callbackBody(record))
        return this.#tell(record, { type: 'calledBack', completion: effect.completion })
      case 'deleteScratch':
        return deleteScratch(this.services, record)
      case 'deleteBatch':
        await deleteBatch(this.services, record)
        return this.#tell(record, { type: 'erased' })
      default:
        return effect satisfies never
    }
  }

  #tell({ id: batch }: BatchRecord, event: BatchEvent): Promise<void> {
    return this.#deliverOne({ batch, events: [{ event }] })
  }

  async #deliverOne(delivery: Delivery): Promise<void> {
    const settled =
      'shard' in delivery
        ? delivery.events
            .filter(({ event, token }) => this.#isGenuine(delivery.batch, event, token))
            .map(({ event }) => this.#records.shard(delivery.batch, delivery.shard).host.deliver(event))
        : delivery.events.map(({ event }) => this.#records.batch(delivery.batch).deliver(event))
    this.#scheduleTurn()
    await allSettled(settled)
  }

  /** An attempt's event counts only with the attempt's token; anything else is dropped, and acknowledged. */
  #isGenuine(batch: BatchRecord['id'], event: ShardEvent, token: string | undefined): boolean {
    if (event.type !== 'attemptStarted' && event.type !== 'attemptEnded') return true
    const isGenuine = isAttemptToken(this.services.serviceKey, { batch, ...event }, token)
    if (!isGenuine) this.services.log.warn({ batch, event }, 'dropped an event with a wrong token')
    return isGenuine
  }

  async #wakeAt(at: number): Promise<void> {
    await this.services.clock.sleep(at - this.services.clock.now() + 1, this.#closing.signal)
    this.#scheduleTurn()
  }

  #scheduleTurn(): void {
    this.#isTurnWanted = true
    this.#turning ??= this.#turnWhileWanted()
  }

  async #turnWhileWanted(): Promise<void> {
    while (this.#isTurnWanted) {
      await null
      this.#isTurnWanted = false
      try {
        await this.#turn()
      } catch (error) {
        this.services.log.warn({ error: String(error) }, 'a turn failed')
      }
    }
    this.#turning = undefined
  }

  async #turn(): Promise<void> {
    const awake = this.#records.withWork()
    await this.#records.load(awake)
    const loaded = awake.filter((hosted) => hosted.isLoaded)
    try {
      await this.#commitTurn(loaded)
    } catch (error) {
      // Whatever went wrong, nobody is left waiting for an answer: the events come again.
      for (const hosted of loaded) hosted.reject(error)
      throw error
    }
    await this.#leases.answerTheDue()
    this.#records.trim()
    // Events whose commit lost a race wait for the next turn, and nobody else would call it.
    if (this.#leases.hasWork || loaded.some((hosted) => hosted.hasWork)) this.#isTurnWanted = true
  }

  async #commitTurn(loaded: readonly Hosted[]): Promise<void> {
    const at = this.services.clock.now()
    for (const hosted of loaded) hosted.prepare(at)
    const promised = await this.#leases.promiseAll(at)
    const changed = loaded.filter((hosted) => hosted.hasChange)
    const units = joinUnits([...promised, ...changed.map((hosted): Unit => ({ records: [hosted], workers: [] }))])
    const unchanged = loaded.filter((hosted) => !hosted.hasChange)
    await Promise.all([commitUnits(this.services.store, units), this.#prove(unchanged)])
  }

  /**
   * A result without a change is no proof: the cache may be behind, and would swallow the event for ever. So the
   * stored revision is looked at before anything is acknowledged or answered from it.
   */
  async #prove(unchanged: readonly Hosted[]): Promise<void> {
    const doubtful = unchanged.filter((hosted) => hosted.needsProof)
    for (const hosted of unchanged) if (!hosted.needsProof) hosted.confirmUnchanged()
    if (doubtful.length === 0) return
    try {
      const found = await this.services.store.read(doubtful.map((hosted) => hosted.path))
      for (const [index, hosted] of doubtful.entries()) {
        if (hosted.isAt(found[index]?.revision)) hosted.confirmUnchanged()
        else {
          hosted.discard()
          this.#isTurnWanted = true
        }
      }
    } catch (error) {
      for (const hosted of doubtful) hosted.reject(error)
    }
  }
}
