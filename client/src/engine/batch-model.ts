import {
  type BatchEffect,
  batchEffects,
  type Outcome,
  reduceBatch,
  rememberBatchSent,
  type Stamped,
} from '../kernel/index.ts'
import type { BatchEvent, BatchId, BatchRecord } from '../model/index.ts'
import { deadEventWrite } from './dead-event.ts'
import type { EngineServices } from './engine.ts'
import { type Outgoing, toShard } from './outgoing.ts'
import { paths } from './paths.ts'
import { BrokenRecordError, type RecordModel } from './record-model.ts'
import { batchWrite, decodeBatch, type Stored } from './records.ts'
import { sweepTask } from './task-names.ts'

/** What a batch's host needs beside the ports. */
export interface BatchSurroundings {
  readonly services: EngineServices
  send(outgoing: readonly Outgoing[]): Promise<void>
  /** Calls back, deletes scratch or the batch: what may take long and is repeated by the sweep if it fails. */
  act(record: BatchRecord, effect: Extract<BatchEffect, { kind: 'callBack' | 'deleteScratch' | 'deleteBatch' }>): void
}

/** A batch record as the host sees it: hosted like a shard. */
export class BatchModel implements RecordModel<BatchRecord, BatchEvent, BatchEffect> {
  readonly path: string
  readonly #around: BatchSurroundings

  constructor(around: BatchSurroundings, batch: BatchId) {
    this.#around = around
    this.path = paths.batch(batch)
  }

  async load(): Promise<Stored<BatchRecord> | undefined> {
    const [found] = await this.#around.services.store.read([this.path])
    if (found === undefined) return undefined
    try {
      return { record: decodeBatch(found.document), revision: found.revision }
    } catch (error) {
      throw new BrokenRecordError(`${this.path} cannot be read: ${String(error)}`, { cause: error })
    }
  }

  async anticipate(): Promise<void> {
    // A batch's events bring nothing with them.
  }

  reduce(record: BatchRecord, events: readonly Stamped<BatchEvent>[]) {
    const reduced = reduceBatch(record, events)
    const outcome: Outcome = reduced === record ? { kind: 'ignored', reason: 'nothingAsked' } : { kind: 'applied' }
    return { record: reduced, outcomes: events.map(() => outcome) }
  }

  effects(record: BatchRecord): readonly BatchEffect[] {
    return batchEffects(record)
  }

  remember(record: BatchRecord, sent: readonly BatchEffect[]): BatchRecord {
    return rememberBatchSent(record, sent)
  }

  write(record: BatchRecord, expect: Stored<BatchRecord>['revision']) {
    return batchWrite(record, expect)
  }

  async send(told: readonly BatchEffect[], record: BatchRecord): Promise<void> {
    // The sweep is armed before anything starts: a batch that runs has someone who looks after it.
    if (told.some((effect) => effect.kind === 'armSweep')) await this.#armSweep()
    for (const effect of told) await this.#sendOne(record, effect)
  }

  async #sendOne(record: BatchRecord, effect: BatchEffect): Promise<void> {
    const { id, lanes } = record
    switch (effect.kind) {
      case 'armSweep':
        return
      case 'attachPorts': {
        const event = { type: 'portsAttached', update: effect.update } as const
        return this.#around.send(effect.shards.map((shard) => toShard(id, shard, lanes, [event])))
      }
      case 'startShards':
        return this.#around.send(effect.shards.map((shard) => toShard(id, shard, lanes, [{ type: 'batchStarted' }])))
      case 'cancelShards': {
        const event = { type: 'cancelRequested', reason: effect.reason } as const
        return this.#around.send(effect.shards.map((shard) => toShard(id, shard, lanes, [event])))
      }
      case 'callBack':
      case 'deleteScratch':
      case 'deleteBatch':
        return this.#around.act(record, effect)
      default:
        return effect satisfies never
    }
  }

  async #armSweep(): Promise<void> {
    const { tasks, clock, isElastic } = this.#around.services
    if (isElastic) await tasks.enqueue(sweepTask(clock.now()))
  }

  committed(): void {
    // A batch record is its own projection.
  }

  forgottenBy(event: BatchEvent): string | undefined {
    return event.type === 'poked' && event.resend ? '' : undefined
  }

  async bury(event: BatchEvent, error: unknown): Promise<void> {
    const { services } = this.#around
    services.log.warn({ path: this.path, event, error: String(error) }, 'set a poisonous event aside')
    const now = services.clock.now()
    const dead = { path: this.path, event: JSON.stringify(event), error: String(error) }
    await services.store.commit([deadEventWrite(`${this.path.replaceAll('/', '-')}-${now}`, dead, now)])
  }

  async reportBroken(error: BrokenRecordError): Promise<void> {
    this.#around.services.log.warn({ path: this.path, error: error.message }, 'a batch record cannot be used')
  }
}
