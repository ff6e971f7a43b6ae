import type { GrantRef, LeaseReply, LeaseRequest, PoolId, WorkerId } from '../model/index.ts'
import { assign, isRecorded } from './assignments.ts'
import type { Unit } from './commit-units.ts'
import type { EngineServices } from './engine.ts'
import { promise } from './grants.ts'
import { HostedWorker } from './hosted-worker.ts'
import type { LaneRecords } from './lane-records.ts'
import { ConflictError, type StoredDocument } from './ports.ts'
import type { ReadyIndex } from './ready-index.ts'
import { decodeShard } from './records.ts'
import type { StopOrders } from './stop-orders.ts'
import { emptyReply, type Waiter } from './waiter.ts'

/** `readyPools` is queried at most this often per pool. */
const queryPeriodMs = 2_000
const maxQueried = 200

export interface LeaseSurroundings {
  readonly services: EngineServices
  readonly records: LaneRecords
  readonly index: ReadyIndex
  readonly stops: StopOrders
  readonly scheduleTurn: () => void
}

/** Workers that ask this lane for work, and the answers they get. */
export class Leases {
  readonly #around: LeaseSurroundings
  readonly #waiting = new Set<Waiter>()
  readonly #workers = new Map<WorkerId, HostedWorker>()
  readonly #lookedAt = new Map<PoolId | 'any', number>()
  readonly #closing = new AbortController()

  constructor(around: LeaseSurroundings) {
    this.#around = around
  }

  worker(id: WorkerId): HostedWorker {
    const worker = this.#workers.get(id) ?? new HostedWorker(id)
    this.#workers.set(id, worker)
    return worker
  }

  async ask(request: LeaseRequest, signal?: AbortSignal): Promise<LeaseReply> {
    const { services, scheduleTurn } = this.#around
    const isCrowded = this.#waiting.size >= services.maxWaiting
    const waitMs = isCrowded || this.#closing.signal.aborted ? 0 : request.waitMs
    const done = new AbortController()
    try {
      return await new Promise<LeaseReply>((answer, fail) => {
        const waiter: Waiter = {
          request,
          worker: this.worker(request.worker),
          answer,
          fail,
          isDue: waitMs === 0,
          hasLooked: false,
          isBeingAnswered: false,
        }
        this.#waiting.add(waiter)
        signal?.addEventListener('abort', () => this.#giveUp(waiter), { once: true, signal: done.signal })
        scheduleTurn()
        if (waitMs > 0) void this.#expire(waiter, waitMs, done.signal)
      })
    } finally {
      // With a reason, because making the default one costs more than all the rest of it.
      done.abort('answered')
    }
  }

  get hasWork(): boolean {
    return [...this.#waiting].some((waiter) => waiter.isDue && !waiter.isBeingAnswered)
  }

  /** Promises jobs to those who wait; the units are to be committed, and the answers follow. */
  async promiseAll(at: number): Promise<Unit[]> {
    const units: Unit[] = []
    for (const waiter of [...this.#waiting].filter((one) => !one.isBeingAnswered)) {
      const unit = await this.#promiseTo(waiter, at)
      if (unit !== undefined) units.push(unit)
    }
    return units
  }

  /** After a turn: those whose time is up are answered with nothing, but not before the store has been asked. */
  async answerTheDue(): Promise<void> {
    for (const waiter of [...this.#waiting]) {
      // A worker whose commit lost a race is not known now: it is read, and promised something, in the next turn.
      if (!waiter.isDue || waiter.isBeingAnswered || waiter.worker.record === undefined) continue
      if (waiter.hasLooked) await this.#answerEmpty(waiter)
      else await this.#look(waiter)
    }
  }

  /** A worker has an order to stop: do not let it wait. */
  hurry(worker: WorkerId): void {
    for (const waiter of this.#waiting) if (waiter.request.worker === worker) waiter.isDue = true
    this.#around.scheduleTurn()
  }

  close(): void {
    this.#closing.abort()
    for (const waiter of this.#waiting) waiter.isDue = true
    this.#around.scheduleTurn()
  }

  async #expire(waiter: Waiter, waitMs: number, signal: AbortSignal): Promise<void> {
    await this.#around.services.clock.sleep(waitMs, signal)
    if (signal.aborted) return
    waiter.isDue = true
    this.#around.scheduleTurn()
  }

  #giveUp(waiter: Waiter): void {
    if (waiter.isBeingAnswered) return
    this.#waiting.delete(waiter)
    waiter.fail(new Error(`worker ${waiter.request.worker} no longer waits`))
  }

  async #promiseTo(waiter: Waiter, at: number): Promise<Unit | undefined> {
    const { services, records, index } = this.#around
    const { request, worker } = waiter
    // The same worker is being answered: a repeated request waits until that is stored.
    if (worker.isChanging) return undefined
    try {
      await worker.load(services, request.pool)
    } catch (error) {
      this.#fail(waiter, error)
      return undefined
    }
    if (!worker.isActive) return this.#answer(waiter, emptyReply(request, { confirmed: [], stops: [] }, 'refused'))
    const { lastRequest, grants } = worker.record ?? { lastRequest: 0, grants: [] }
    // The answer to this request was committed before, and lost on its way: give the same again.
    if (lastRequest >= request.request) return this.#replay(waiter, lastRequest === request.request ? grants : [])
    const promised = await promise(records, index, request, at)
    if (promised.grants.length === 0) return undefined
    worker.change({ type: 'granted', request: request.request, grants: promised.grants, at, leaseMs: services.leaseMs })
    waiter.isBeingAnswered = true
    worker.whenSettled((failure) => this.#settle(waiter, promised.grants, failure))
    return { records: promised.records, workers: [worker] }
  }

  #settle(waiter: Waiter, grants: readonly GrantRef[], failure: unknown): void {
    this.#around.scheduleTurn()
    if (failure === undefined) void this.#replay(waiter, grants)
    else if (failure instanceof ConflictError) waiter.isBeingAnswered = false
    else this.#fail(waiter, failure)
  }

  async #replay(waiter: Waiter, grants: readonly GrantRef[]): Promise<undefined> {
    const { services, records, stops } = this.#around
    const { request } = waiter
    waiter.isBeingAnswered = true
    try {
      const assignments = await assign(records, services.serviceKey, grants, { id: request.worker, pool: request.pool })
      const given = { confirmed: await this.#confirmed(request), stops: stops.take(request.worker) }
      this.#answer(waiter, { ...emptyReply(request, given), assignments })
    } catch (error) {
      this.#fail(waiter, error)
    }
    return undefined
  }

  async #look(waiter: Waiter): Promise<void> {
    const { services, scheduleTurn } = this.#around
    const pool = waiter.request.pool
    const now = services.clock.now()
    waiter.hasLooked = true
    if (now - (this.#lookedAt.get(pool ?? 'any') ?? Number.NEGATIVE_INFINITY) >= queryPeriodMs) {
      this.#lookedAt.set(pool ?? 'any', now)
      try {
        const query = { kind: 'readyShards', lane: services.lane, pool, limit: maxQueried } as const
        for (const found of await services.store.query(query)) this.#learn(found)
      } catch (error) {
        this.#lookedAt.delete(pool ?? 'any')
        this.#fail(waiter, error)
      }
    }
    scheduleTurn()
  }

  /** Work that another instance has made ready is not in this one's memory: neither in the index nor in the cache. */
  #learn({ document, revision }: StoredDocument): void {
    const { index, records } = this.#around
    const record = decodeShard(document)
    index.update(record)
    const { host } = records.shard(record.batch, record.shard)
    if (!host.isAt(revision)) host.outdate()
  }

  async #answerEmpty(waiter: Waiter): Promise<void> {
    const { services, stops } = this.#around
    const { request, worker } = waiter
    const isCrowded = this.#waiting.size >= services.maxWaiting || this.#closing.signal.aborted
    try {
      const given = { confirmed: await this.#confirmed(request), stops: stops.take(request.worker) }
      if (!request.isLeaving) return this.#answer(waiter, emptyReply(request, given, 'active', isCrowded))
      // The goodbye is a commit on the worker's record, so that a late grant to it fails.
      if (worker.change({ type: 'left' })) {
        const [revision] = await services.store.commit([worker.write()])
        if (revision !== undefined) worker.confirm(revision)
      }
      this.#answer(waiter, emptyReply(request, given, 'left'))
    } catch (error) {
      worker.discard(error)
      this.#fail(waiter, error)
    }
  }

  async #confirmed(request: LeaseRequest) {
    const { records, services } = this.#around
    const shards = request.unconfirmed.map((ref) => ({ ref, shard: records.shard(ref.batch, ref.shard) }))
    await records.load(shards.map(({ shard }) => shard.host))
    return shards
      .filter(
        ({ ref, shard }) => (shard.host.record?.lane ?? services.lane) === services.lane && isRecorded(shard, ref),
      )
      .map(({ ref }) => ref)
  }

  #answer(waiter: Waiter, reply: LeaseReply): undefined {
    this.#waiting.delete(waiter)
    waiter.answer(reply)
    if (reply.standing !== 'active') this.#workers.delete(waiter.request.worker)
    return undefined
  }

  #fail(waiter: Waiter, error: unknown): void {
    this.#waiting.delete(waiter)
    waiter.fail(error)
  }
}
