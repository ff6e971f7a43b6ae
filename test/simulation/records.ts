import { decodeBatch, decodeChunk, decodeShard, decodeWorker, type Write } from 'graupel/engine'
import type { BatchRecord, ShardRecord, WorkerRecord } from 'graupel/model'

/** One commit, as the records before and after it. */
export interface Commit {
  readonly batches: readonly Change<BatchRecord>[]
  readonly shards: readonly Change<ShardRecord>[]
  readonly workers: readonly Change<WorkerRecord>[]
}

export interface Change<R> {
  readonly before: R | undefined
  readonly after: R
}

/** All records as they are stored now. */
export class Records {
  readonly batches = new Map<string, BatchRecord>()
  /** By path. */
  readonly shards = new Map<string, ShardRecord>()
  readonly workers = new Map<string, WorkerRecord>()
  /** Names of jobs by `batch/number`, and the other way round. */
  readonly names = new Map<string, string>()
  readonly numbers = new Map<string, number>()

  apply(writes: readonly Write[]): Commit {
    const commit = { batches: [], shards: [], workers: [] } as {
      batches: Change<BatchRecord>[]
      shards: Change<ShardRecord>[]
      workers: Change<WorkerRecord>[]
    }
    for (const write of writes) {
      if (write.kind === 'delete') continue
      const [top, id = '', kind] = write.path.split('/')
      if (top === 'workers') commit.workers.push(swap(this.workers, id, decodeWorker(write.document)))
      else if (top !== 'batches') continue
      else if (kind === undefined) commit.batches.push(swap(this.batches, id, decodeBatch(write.document)))
      else if (kind === 'shards') commit.shards.push(swap(this.shards, write.path, decodeShard(write.document)))
      else if (kind === 'plan') this.#learnNames(id, write.document)
    }
    return commit
  }

  shard(batch: string, shard: number): ShardRecord | undefined {
    return this.shards.get(`batches/${batch}/shards/${shard}`)
  }

  shardsOf(batch: string): ShardRecord[] {
    return [...this.shards.values()].filter((shard) => shard.batch === batch)
  }

  /** The letter of a job's state; `undefined` if nobody knows it. */
  stateOf(batch: string, name: string): string | undefined {
    const number = this.numbers.get(name)
    if (number === undefined) return undefined
    for (const shard of this.shardsOf(batch)) {
      const letter = shard.states[number - shard.firstJob]
      if (number >= shard.firstJob && letter !== undefined) return letter
    }
    return undefined
  }

  #learnNames(batch: string, document: Parameters<typeof decodeChunk>[0]): void {
    const chunk = decodeChunk(document)
    for (const [index, job] of chunk.jobs.entries()) {
      this.names.set(`${batch}/${chunk.firstJob + index}`, job.name ?? '')
      this.numbers.set(job.name ?? '', chunk.firstJob + index)
    }
  }
}

function swap<R>(map: Map<string, R>, key: string, after: R): Change<R> {
  const before = map.get(key)
  map.set(key, after)
  return { before, after }
}
