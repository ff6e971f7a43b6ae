import pLimit from 'p-limit'
import type { BatchEffect, Effect } from '../kernel/index.ts'
import type { BatchEvent, BatchId, BatchRecord, ShardEvent, ShardId, ShardRecord } from '../model/index.ts'
import { BatchModel, type BatchSurroundings } from './batch-model.ts'
import { type Hosted, HostedRecord } from './hosted-record.ts'
import { paths } from './paths.ts'
import { SentOfDropped } from './sent-of-dropped.ts'
import { ShardModel, type ShardSurroundings } from './shard-model.ts'

export interface HostedShard {
  readonly model: ShardModel
  readonly host: HostedRecord<ShardRecord, ShardEvent, Effect>
}

export type HostedBatch = HostedRecord<BatchRecord, BatchEvent, BatchEffect>

/** A chunk is some 450 KiB of JSON and several times that in memory: not more than these at a time. */
const maxLoading = 16

/** The records that a lane has in memory. Nothing here is lost when it is dropped. */
export class LaneRecords {
  readonly #shards = new Map<string, HostedShard>()
  readonly #batches = new Map<string, HostedBatch>()
  readonly #around: ShardSurroundings & BatchSurroundings
  readonly #loading = pLimit(maxLoading)
  readonly #sentOfShards = new SentOfDropped<Effect>()
  readonly #sentOfBatches = new SentOfDropped<BatchEffect>()

  constructor(around: ShardSurroundings & BatchSurroundings) {
    this.#around = around
  }

  shard(batch: BatchId, shard: ShardId): HostedShard {
    const path = paths.shard(batch, shard)
    const hosted = this.#shards.get(path) ?? this.#makeShard(path, batch, shard)
    refresh(this.#shards, path, hosted)
    return hosted
  }

  #makeShard(path: string, batch: BatchId, shard: ShardId): HostedShard {
    const model = new ShardModel(this.#around, batch, shard)
    return { model, host: new HostedRecord(model, this.#sentOfShards.take(path)) }
  }

  batch(batch: BatchId): HostedBatch {
    const path = paths.batch(batch)
    const hosted = this.#batches.get(path) ?? this.#makeBatch(path, batch)
    refresh(this.#batches, path, hosted)
    return hosted
  }

  #makeBatch(path: string, batch: BatchId): HostedBatch {
    return new HostedRecord(new BatchModel(this.#around, batch), this.#sentOfBatches.take(path))
  }

  withWork(): Hosted[] {
    const all: Hosted[] = [...[...this.#shards.values()].map((shard) => shard.host), ...this.#batches.values()]
    return all.filter((hosted) => hosted.hasWork)
  }

  /** Reads what is not in memory; a record that cannot be read now gives its events back. */
  async load(records: readonly Hosted[]): Promise<void> {
    await Promise.all(records.map((hosted) => this.#loading(() => loadOne(hosted))))
  }

  /** Drops the least recently used that nobody waits for. */
  trim(): void {
    const { maxKept } = this.#around.services
    for (const [path, { host }] of dropIdle(this.#shards, maxKept, ({ host }) => host.isIdle))
      this.#sentOfShards.keep(path, host.sent)
    for (const [path, host] of dropIdle(this.#batches, maxKept, (host) => host.isIdle))
      this.#sentOfBatches.keep(path, host.sent)
  }
}

async function loadOne(hosted: Hosted): Promise<void> {
  try {
    if (!hosted.isLoaded) await hosted.load()
    await hosted.anticipate()
  } catch (error) {
    hosted.reject(error)
  }
}

function refresh<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
}

function dropIdle<V>(map: Map<string, V>, maxKept: number, isIdle: (value: V) => boolean): [string, V][] {
  const dropped: [string, V][] = []
  for (const [key, value] of map) {
    if (map.size <= maxKept) break
    if (!isIdle(value)) continue
    map.delete(key)
    dropped.push([key, value])
  }
  return dropped
}
