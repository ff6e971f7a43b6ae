import { reduceBatch, reduceWorker, type Stamped, type WorkerEvent } from '../kernel/index.ts'
import type { BatchEvent, BatchId, BatchRecord, WorkerId, WorkerRecord } from '../model/index.ts'
import { type Clock, ConflictError, type Store } from './ports.ts'
import { batchWrite, readBatch, readWorker, type Stored, workerWrite } from './records.ts'

/** A record that loses this many races in a row is under a load that no retry will outlast. */
const maxTries = 20

/**
 * Reads, reduces and commits until the revision holds. An unknown outcome is treated as a conflict: read again, and
 * reduce the same event again, which then finds it done.
 */
async function commitUntilHeld<R>(
  read: () => Promise<Stored<R> | undefined>,
  change: (record: R) => R,
  commit: (record: R, stored: Stored<R>) => Promise<unknown>,
  clock: Clock,
): Promise<R | undefined> {
  for (let tries = 1; ; tries++) {
    const stored = await read()
    if (stored === undefined) return undefined
    const next = change(stored.record)
    if (next === stored.record) return next
    try {
      await commit(next, stored)
      return next
    } catch (error) {
      if (tries >= maxTries) throw error
      await clock.sleep(error instanceof ConflictError ? 5 * tries : 100 * tries)
    }
  }
}

/** What the client and the api do to a batch: commit one event to its record. Poke its lane afterwards. `undefined`: no such batch. */
export const commitBatchEvent = (
  services: { readonly store: Store; readonly clock: Clock },
  batch: BatchId,
  event: BatchEvent,
): Promise<BatchRecord | undefined> =>
  commitUntilHeld(
    () => readBatch(services.store, batch),
    (record) => reduceBatch(record, [stamp(services.clock, event)]),
    (record, stored) => services.store.commit([batchWrite(record, stored.revision)]),
    services.clock,
  )

const stamp = (clock: Clock, event: BatchEvent): Stamped<BatchEvent> => ({ at: clock.now(), event })

/** As {@link commitBatchEvent}, for a worker's record. */
export const commitWorkerEvent = (
  services: { readonly store: Store; readonly clock: Clock },
  worker: WorkerId,
  event: WorkerEvent,
): Promise<WorkerRecord | undefined> =>
  commitUntilHeld(
    () => readWorker(services.store, worker),
    (record) => reduceWorker(record, event),
    (record, stored) => services.store.commit([workerWrite(record, stored.revision)]),
    services.clock,
  )
