import { isActive, newWorkerRecord, reduceWorker, type WorkerEvent } from '../kernel/index.ts'
import { type PoolId, poolId, type WorkerId, type WorkerRecord } from '../model/index.ts'
import type { EngineServices } from './engine.ts'
import type { Revision, Write } from './ports.ts'
import { readWorker, type Stored, workerWrite } from './records.ts'

/** A worker's record as this lane sees it. Other lanes write it too, so a commit may find it moved. */
export class HostedWorker {
  readonly id: WorkerId
  #stored: Stored<WorkerRecord> | undefined
  #next: WorkerRecord | undefined
  #settle: ((failure: unknown) => void)[] = []

  constructor(id: WorkerId) {
    this.id = id
  }

  get record(): WorkerRecord | undefined {
    return this.#next ?? this.#stored?.record
  }

  /** A change is on its way to the store: nothing may be said of it yet. */
  get isChanging(): boolean {
    return this.#next !== undefined
  }

  get isActive(): boolean {
    return this.record !== undefined && isActive(this.record)
  }

  /** Reads the record, and writes it first if the worker has never been seen. */
  async load(services: EngineServices, pool: PoolId | undefined): Promise<void> {
    if (this.#stored !== undefined) return
    this.#stored = await readWorker(services.store, this.id)
    if (this.#stored !== undefined) return
    const record = newWorkerRecord(this.id, pool ?? poolId('any'), services.clock.now(), services.leaseMs)
    const [revision] = await services.store.commit([workerWrite(record, 'absent')])
    if (revision !== undefined) this.#stored = { record, revision }
  }

  /** Stages a change; the caller commits it with what belongs to it. */
  change(event: WorkerEvent): boolean {
    if (this.record === undefined) return false
    const next = reduceWorker(this.record, event)
    if (next === this.record) return false
    this.#next = next
    return true
  }

  /** Told when what is staged has been committed, or has failed. */
  whenSettled(settle: (failure: unknown) => void): void {
    this.#settle.push(settle)
  }

  write(): Write {
    if (this.#stored === undefined || this.#next === undefined) throw new Error(`worker ${this.id} has no change`)
    return workerWrite(this.#next, this.#stored.revision)
  }

  confirm(revision: Revision): void {
    if (this.#next !== undefined) this.#stored = { record: this.#next, revision }
    this.#next = undefined
    this.#finish(undefined)
  }

  discard(error: unknown): void {
    this.#next = undefined
    this.#stored = undefined
    this.#finish(error)
  }

  #finish(failure: unknown): void {
    const waiting = this.#settle
    this.#settle = []
    for (const settle of waiting) settle(failure)
  }
}
