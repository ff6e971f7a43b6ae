import type { Effect } from '../kernel/index.ts'
import type { AttemptRef, ShardRecord, WorkerId } from '../model/index.ts'

/** Orders to stop that wait for their worker to call. A lost one comes again with the worker's next renewal. */
export class StopOrders {
  readonly #byWorker = new Map<WorkerId, AttemptRef[]>()

  /** The workers that have new orders. */
  add(record: ShardRecord, effects: readonly Effect[]): WorkerId[] {
    const workers: WorkerId[] = []
    for (const effect of effects) {
      if (effect.kind !== 'stopAttempt') continue
      const ref = { batch: record.batch, shard: record.shard, job: effect.job, attempt: effect.attempt }
      this.#byWorker.set(effect.worker, [...(this.#byWorker.get(effect.worker) ?? []), ref])
      workers.push(effect.worker)
    }
    return workers
  }

  has(worker: WorkerId): boolean {
    return this.#byWorker.has(worker)
  }

  take(worker: WorkerId): readonly AttemptRef[] {
    const orders = this.#byWorker.get(worker) ?? []
    this.#byWorker.delete(worker)
    return orders
  }
}
