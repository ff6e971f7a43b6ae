import {
  type Effect,
  effects,
  indexPlan,
  type Outcome,
  reduce,
  rememberSent,
  type ShardPlan,
  type Stamped,
} from '../kernel/index.ts'
import type { BatchId, PlanChunk, ShardEvent, ShardId, ShardRecord } from '../model/index.ts'
import { allSettled } from './all-settled.ts'
import { deadEventWrite } from './dead-event.ts'
import type { EngineServices } from './engine.ts'
import { toBatch } from './outgoing.ts'
import { paths } from './paths.ts'
import type { Projector } from './projector.ts'
import { BrokenRecordError, type RecordModel } from './record-model.ts'
import { decodeAttached, decodeChunk, decodeShard, type Stored, shardWrite } from './records.ts'
import { outgoingOf } from './shard-outgoing.ts'
import { projectionsOf } from './shard-projections.ts'

/** What a shard's host needs beside the ports. */
export interface ShardSurroundings {
  readonly services: EngineServices
  readonly projector: Projector
  /** Sends to records, those of this lane without the bus. */
  send(outgoing: ReturnType<typeof outgoingOf>): Promise<void>
  /** Work is ready, or no longer. */
  readyChanged(record: ShardRecord): void
  announce(effects: readonly Effect[]): Promise<void>
  stop(record: ShardRecord, effects: readonly Effect[]): void
}

/** A shard as the host sees it: its record in the store, its plan in memory beside it. */
export class ShardModel implements RecordModel<ShardRecord, ShardEvent, Effect> {
  readonly path: string
  readonly #around: ShardSurroundings
  readonly #batch: BatchId
  readonly #shard: ShardId
  #chunk: PlanChunk | undefined
  #plan: ShardPlan | undefined
  #attached = ''

  constructor(around: ShardSurroundings, batch: BatchId, shard: ShardId) {
    this.#around = around
    this.#batch = batch
    this.#shard = shard
    this.path = paths.shard(batch, shard)
  }

  isOf(batch: BatchId, shard: ShardId): boolean {
    return this.#batch === batch && this.#shard === shard
  }

  /** @throws Error before the record is loaded */
  get plan(): ShardPlan {
    if (this.#plan === undefined) throw new Error(`the plan of ${this.path} is not loaded`)
    return this.#plan
  }

  async load(): Promise<Stored<ShardRecord> | undefined> {
    const { store } = this.#around.services
    const [found] = await store.read([this.path])
    if (found === undefined) return undefined
    const record = readSound(this.path, () => decodeShard(found.document))
    await this.#loadPlan(record)
    this.#around.readyChanged(record)
    return { record, revision: found.revision }
  }

  reduce(record: ShardRecord, events: readonly Stamped<ShardEvent>[]) {
    return reduce(this.plan, record, events)
  }

  effects(record: ShardRecord): readonly Effect[] {
    return effects(this.plan, record, this.#around.services.isElastic ? 'all' : 'delayed')
  }

  remember(record: ShardRecord, sent: readonly Effect[]): ShardRecord {
    return sent.length === 0 ? record : rememberSent(this.plan, record, sent)
  }

  write(record: ShardRecord, expect: Stored<ShardRecord>['revision']) {
    return shardWrite(record, expect)
  }

  async send(told: readonly Effect[], record: ShardRecord): Promise<void> {
    this.#around.stop(record, told)
    await allSettled([this.#around.send(outgoingOf(record, told)), this.#around.announce(told)])
  }

  committed(before: ShardRecord, after: ShardRecord, outcomes: readonly Outcome[]): void {
    this.#around.readyChanged(after)
    this.#around.projector.add(projectionsOf(this.plan, before, after, endedAttempts(outcomes)))
  }

  forgottenBy(event: ShardEvent): string | undefined {
    // Only what was asked for: a shard that asked its own sources again each time would ask along every path.
    if (event.type === 'edgesAsked') return `edge:${event.byShard}:`
    return (event.type === 'swept' && event.resend) || event.type === 'portsAttached' ? '' : undefined
  }

  async bury(event: ShardEvent, error: unknown): Promise<void> {
    const { services } = this.#around
    services.log.warn({ path: this.path, event, error: String(error) }, 'set a poisonous event aside')
    const now = services.clock.now()
    const dead = { path: this.path, event: JSON.stringify(event), error: String(error) }
    await services.store.commit([deadEventWrite(`${this.#batch}-${this.#shard}-${now}`, dead, now)])
  }

  async reportBroken(error: BrokenRecordError): Promise<void> {
    const { services } = this.#around
    services.log.warn({ path: this.path, error: error.message }, 'a shard cannot be used')
    const [found] = await services.store.read([paths.batch(this.#batch)])
    const placement = found?.document.lanes as ShardRecord['lanes'] | undefined
    if (placement === undefined) return
    const event = { type: 'shardBroken', shard: this.#shard, reason: error.message.slice(0, 500) } as const
    await this.#around.send([toBatch(this.#batch, placement, [event])])
  }

  /** An update's out-ports are loaded before its event is reduced, because effects follow from them. */
  async anticipate(record: ShardRecord, events: readonly ShardEvent[]): Promise<void> {
    const updates = events.flatMap((event) => (event.type === 'portsAttached' ? [event.update] : []))
    if (updates.length === 0) return
    await this.#attach([...new Set([...record.attached, ...updates])].sort((left, right) => left - right))
  }

  /** The plan is the chunk and exactly the listed updates' ports. */
  async #attach(updates: readonly number[]): Promise<void> {
    if (this.#chunk === undefined || updates.join() === this.#attached) return
    const { store } = this.#around.services
    const found = await store.read(updates.map((update) => paths.attached(this.#batch, this.#shard, update)))
    const chunk = this.#chunk
    this.#plan = readSound(this.path, () =>
      indexPlan(
        chunk,
        found.flatMap((document) => (document === undefined ? [] : [decodeAttached(document.document)])),
      ),
    )
    this.#attached = updates.join()
  }

  async #loadPlan(record: ShardRecord): Promise<void> {
    if (this.#chunk === undefined) {
      const path = paths.chunk(record.batch, record.planHash, record.shard)
      const [found] = await this.#around.services.store.read([path])
      if (found === undefined) throw new BrokenRecordError(`its plan ${path} is missing`)
      const chunk = readSound(path, () => decodeChunk(found.document))
      this.#plan = readSound(path, () => indexPlan(chunk))
      this.#chunk = chunk
    }
    await this.#attach(record.attached)
    if (this.#chunk.jobs.length !== record.states.length)
      throw new BrokenRecordError(
        `its plan has ${this.#chunk.jobs.length} jobs and its record has ${record.states.length}`,
      )
  }
}

const endedAttempts = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'applied' ? (outcome.ended ?? []) : []))

/** What does not read is broken for good; a store that does not answer is not. */
function readSound<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new BrokenRecordError(`${path} cannot be read: ${String(error)}`, { cause: error })
  }
}
