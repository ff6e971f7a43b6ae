import { readChunk } from '../../engine/job-statuses.ts'
import { paths } from '../../engine/paths.ts'
import { decodeShard } from '../../engine/records.ts'
import { addCounts, type BatchId, noJobs, type PlanChunk, type ShardRecord } from '../../model/index.ts'
import type { Home, Unsubscribe } from '../home.ts'
import type { Progress } from './render-progress.ts'

const shownNames = 5

/** Keeps what is known of a batch's shards, and makes a picture of it when asked. */
export class ProgressFollower {
  readonly #home: Home
  readonly #batch: BatchId
  readonly #name: string | undefined
  readonly #startedAt: number
  readonly #shards = new Map<number, ShardRecord>()
  readonly #plans = new Map<number, PlanChunk | undefined>()
  readonly #unsubscribe: Unsubscribe
  #hasNews = true

  constructor(home: Home, batch: BatchId, name: string | undefined) {
    this.#home = home
    this.#batch = batch
    this.#name = name
    this.#startedAt = home.clock.now()
    this.#unsubscribe = home.changes.ofCollection(
      paths.shardsOf(batch),
      (changed) => this.#take(changed.map(({ document }) => decodeShard(document))),
      // A picture that stands still is better than a batch that fails for it.
      () => undefined,
    )
  }

  stop(): void {
    this.#unsubscribe()
  }

  /** Whether anything has changed since the last call. */
  takeNews(): boolean {
    const hasNews = this.#hasNews
    this.#hasNews = false
    return hasNews
  }

  current(): Progress {
    const shards = [...this.#shards.values()]
    return {
      name: this.#name,
      id: this.#batch,
      counts: shards.reduce((sum, { counts }) => addCounts(sum, counts), noJobs),
      elapsedMs: this.#home.clock.now() - this.#startedAt,
      running: this.#runningNames(shards),
    }
  }

  #take(shards: readonly ShardRecord[]): void {
    this.#hasNews = true
    for (const shard of shards) this.#shards.set(shard.shard, shard)
  }

  #runningNames(shards: readonly ShardRecord[]): string[] {
    const names: string[] = []
    for (const shard of shards) {
      for (const index of Object.keys(shard.leases)) {
        if (names.length === shownNames) return [...names, '…']
        names.push(this.#planOf(shard)?.jobs[Number(index)]?.name ?? `job ${shard.firstJob + Number(index)}`)
      }
    }
    return names
  }

  /** Names come a moment later: the plan is fetched when first needed. */
  #planOf(shard: ShardRecord): PlanChunk | undefined {
    if (!this.#plans.has(shard.shard)) {
      this.#plans.set(shard.shard, undefined)
      void readChunk(this.#home.store, shard).then(
        (plan) => this.#plans.set(shard.shard, plan),
        () => undefined,
      )
    }
    return this.#plans.get(shard.shard)
  }
}
