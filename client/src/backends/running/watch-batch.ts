import { readBatchStatus } from '../../engine/batch-statuses.ts'
import { readJobsOfShard } from '../../engine/job-statuses.ts'
import { paths } from '../../engine/paths.ts'
import { readShards } from '../../engine/read-shards.ts'
import { decodeBatch, decodeShard } from '../../engine/records.ts'
import { BatchNotFoundError } from '../../errors/batch-not-found-error.ts'
import type { BatchId, BatchRecord, ShardRecord } from '../../model/index.ts'
import type { BatchEvent } from '../batch-status.ts'
import type { Home, Unsubscribe } from '../home.ts'
import { AsyncQueue } from './async-queue.ts'
import { toBatchStatus, toJobStatus } from './public-status.ts'

/** Every job that is not Pending and the batch as they are now, then every change of them, until the batch has ended. */
export function watchBatch(home: Home, batch: BatchId): AsyncIterableIterator<BatchEvent> {
  const watch = new BatchWatch(home, batch)
  return watch.events
}

class BatchWatch {
  readonly events: AsyncQueue<BatchEvent>
  readonly #home: Home
  readonly #batch: BatchId
  readonly #unsubscribes: Unsubscribe[]
  /** What has been told of each shard: a letter and two digits per job. */
  readonly #told = new Map<number, string>()
  #changed = new Map<number, ShardRecord>()
  #record: BatchRecord | undefined
  #isTelling = false

  constructor(home: Home, batch: BatchId) {
    this.#home = home
    this.#batch = batch
    this.events = new AsyncQueue(() => this.#stop())
    const fail = (error: unknown) => this.events.fail(error)
    this.#unsubscribes = [
      home.changes.ofCollection(
        paths.shardsOf(batch),
        (changed) => this.#wake(() => this.#takeShards(changed.map(({ document }) => decodeShard(document)))),
        fail,
      ),
      home.changes.ofDocument(
        paths.batch(batch),
        (document) =>
          this.#wake(() => {
            if (document === undefined) throw new BatchNotFoundError({ id: batch })
            this.#record = decodeBatch(document)
          }),
        fail,
      ),
    ]
  }

  #stop(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
  }

  #takeShards(shards: readonly ShardRecord[]): void {
    for (const shard of shards) this.#changed.set(shard.shard, shard)
  }

  #wake(change: () => void): void {
    try {
      change()
    } catch (error) {
      this.events.fail(error)
      return
    }
    if (this.#isTelling) return
    this.#isTelling = true
    void this.#tellAll().catch((error) => this.events.fail(error))
  }

  async #tellAll(): Promise<void> {
    while (this.#changed.size > 0 || this.#record !== undefined) {
      await this.#tellShards()
      const record = this.#record
      this.#record = undefined
      if (record === undefined) continue
      await this.#tellBatch(record)
    }
    this.#isTelling = false
  }

  async #tellShards(): Promise<void> {
    const changed = [...this.#changed.values()]
    this.#changed = new Map()
    for (const shard of changed.sort((left, right) => left.shard - right.shard)) await this.#tellJobs(shard)
  }

  async #tellJobs(shard: ShardRecord): Promise<void> {
    const before = this.#told.get(shard.shard)
    const now = [...shard.states].map((letter, index) => letter + shard.attempts.slice(2 * index, 2 * index + 2))
    const moved = now.flatMap((job, index) =>
      job === (before?.slice(3 * index, 3 * index + 3) ?? 'p00') ? [] : [index],
    )
    this.#told.set(shard.shard, now.join(''))
    if (moved.length === 0) return
    for (const job of await readJobsOfShard(this.#home.store, shard, moved, this.#home.clock.now()))
      this.events.push({ type: 'job', job: toJobStatus(job) })
  }

  /** The two subscriptions are not in step: before the end is told, every shard is looked at once more. */
  async #tellBatch(record: BatchRecord): Promise<void> {
    const hasEnded = record.endedAt !== undefined
    if (hasEnded) {
      this.#takeShards(await readShards(this.#home.store, this.#batch))
      await this.#tellShards()
    }
    const status = await readBatchStatus(this.#home.store, this.#batch, this.#home.clock.now())
    if (status !== undefined) this.events.push({ type: 'batch', batch: toBatchStatus(status) })
    if (hasEnded || status === undefined) this.events.close()
  }
}
