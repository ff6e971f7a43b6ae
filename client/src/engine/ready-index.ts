import type { BatchId, PoolId, ShardId, ShardRecord } from '../model/index.ts'

export interface ReadyShard {
  readonly batch: BatchId
  readonly shard: ShardId
  readonly user: string
  readonly pools: readonly PoolId[]
  /** Of the record that said so. */
  readonly version: number | undefined
}

/**
 * Where a lane has ready work. A hint, rebuilt from `readyPools` after a restart: "no work" is never said from it
 * alone. Turns go round the users, and within a user round the batches, so that nobody's million jobs stop the others.
 */
export class ReadyIndex {
  readonly #shards = new Map<string, ReadyShard>()
  readonly #served = new Map<string, number>()
  #turn = 0

  /** Whether there may be work that was not known before. */
  update(
    record: Pick<ShardRecord, 'batch' | 'shard' | 'user' | 'readyPools'> & { readonly version?: number },
  ): boolean {
    const key = `${record.batch}/${record.shard}`
    const { batch, shard, user, version, readyPools } = record
    const isKnown = version !== undefined && this.#shards.get(key)?.version === version
    if (readyPools.length === 0) this.#shards.delete(key)
    else this.#shards.set(key, { batch, shard, user, version, pools: readyPools })
    return readyPools.length > 0 && !isKnown
  }

  /** Shards with work for the pool (or any), the longest unserved user and batch first. */
  candidates(pool: PoolId | undefined, limit: number): ReadyShard[] {
    const matching: ReadyShard[] = []
    for (const shard of this.#shards.values())
      if (pool === undefined || shard.pools.includes(pool)) matching.push(shard)
    return matching.sort((left, right) => this.#rank(left, right)).slice(0, limit)
  }

  served(shard: ReadyShard): void {
    this.#turn += 1
    this.#served.set(`user ${shard.user}`, this.#turn)
    this.#served.set(`batch ${shard.batch}`, this.#turn)
  }

  #rank(left: ReadyShard, right: ReadyShard): number {
    const last = (key: string) => this.#served.get(key) ?? 0
    return (
      last(`user ${left.user}`) - last(`user ${right.user}`) ||
      last(`batch ${left.batch}`) - last(`batch ${right.batch}`) ||
      left.shard - right.shard
    )
  }
}
