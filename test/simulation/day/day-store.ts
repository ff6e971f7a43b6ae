import {
  encodeChunk,
  encodeShard,
  encodeWorker,
  MemoryStore,
  type Query,
  type Revision,
  type Store,
  type StoredDocument,
  type Write,
} from 'graupel/engine'
import { newShardRecord, newWorkerRecord } from 'graupel/kernel'
import { batchId, type PlanChunk, parseMemoryBytes, shardId, workerId } from 'graupel/model'
import { spotPool } from '../../compute/world-fixture.ts'
import { template } from '../../engine/batch-fixtures.ts'
import type { DayWorker, DayWorkers } from './day-workers.ts'

/** What a job gets that asks for nothing. */
export const jobNeed = { cpuMillis: 1000, memoryBytes: parseMemoryBytes('standard', 1000) ?? 0, storageBytes: 0 }
const jobsPerShard = 512
const batch = batchId('simulatedday')
const revision = (text: string) => text as Revision // a brand of texts, made by whoever stores

const chunk: PlanChunk = {
  shard: 0,
  firstJob: 1,
  templates: [{ ...template({}), ...jobNeed }],
  jobs: Array.from({ length: jobsPerShard }, () => ({ template: 0, detail: { object: 'job' }, parents: [] })),
  inPorts: [],
  outPorts: [],
  reportsFailures: false,
}

const placement = {
  user: 'u',
  root: 'memory:///day',
  lanes: { count: 1, deployed: 1 },
  planHash: 'h',
  projection: 'all',
} as const

/** Records of shards and workers as they would be stored, made when somebody asks; pools are really stored. */
export class DayStore implements Store {
  readonly #memory = new MemoryStore()
  readonly #workers: DayWorkers
  readonly #chunk = encodeChunk(chunk)
  readonly #plainWorker = encodeWorker(newWorkerRecord(workerId('nobody.0'), spotPool, 0, 0))
  readonly #shard = newShardRecord({ batch, ...placement }, chunk, 0)

  constructor(workers: DayWorkers) {
    this.#workers = workers
  }

  async read(paths: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return Promise.all(paths.map((path) => this.#readOne(path)))
  }

  async commit(writes: readonly Write[]): Promise<Revision[]> {
    const [first] = writes
    if (first?.kind !== 'set' || !first.path.startsWith('workers/')) return this.#memory.commit(writes)
    const worker = this.#workerAt(first.path)
    if (worker !== undefined && first.document.state === 'lost') this.#workers.lose(worker)
    return writes.map(() => revision('committed'))
  }

  async query(query: Query): Promise<StoredDocument[]> {
    switch (query.kind) {
      case 'readyShards':
        return this.#readyShards(query.limit)
      case 'liveWorkers':
        return [...this.#workers.workers.values()].map((worker) => this.#workerDocument(worker))
      case 'liveBatches':
      case 'newestBatches':
        return []
      case 'collection':
        return this.#memory.query(query)
      default:
        return query satisfies never
    }
  }

  async project(): Promise<void> {}

  async #readOne(path: string): Promise<StoredDocument | undefined> {
    if (path.includes('/plan/')) return { path, document: this.#chunk, revision: revision('plan') }
    const worker = this.#workerAt(path)
    if (worker !== undefined) return this.#workerDocument(worker)
    const [found] = await this.#memory.read([path])
    return found
  }

  #workerAt(path: string): DayWorker | undefined {
    return this.#workers.workers.get(path.replace('workers/', '').replace(/\.[^.]*$/, ''))
  }

  #readyShards(limit: number): StoredDocument[] {
    const shards = Math.min(limit, Math.ceil(this.#workers.ready / jobsPerShard))
    return Array.from({ length: shards }, (_, index) => {
      // The last one stands for all that do not fit into an answer.
      const ready = Math.min(jobsPerShard, this.#workers.ready - index * jobsPerShard)
      const states = 'r'.repeat(ready).padEnd(jobsPerShard, 'S')
      const counts = { ...this.#shard.counts, pending: 0, ready, success: jobsPerShard - ready }
      const record = { ...this.#shard, shard: shardId(0), states, counts, readyPools: ['spot'] }
      const path = `batches/${batch}/shards/${index}`
      return { path, document: { ...encodeShard(this.#shard), ...record, ...times }, revision: revision('shard') }
    })
  }

  #workerDocument(worker: DayWorker): StoredDocument {
    const { id, pool, registeredAt, free, slots } = worker
    const document = {
      ...this.#plainWorker,
      id,
      pool,
      registeredAt: new Date(registeredAt),
      renewedUntil: new Date(this.#workers.renewedUntil(worker)),
      free: roomFor(free, slots),
    }
    return { path: `workers/${id}`, document, revision: revision('worker') }
  }
}

const times = { lastAt: new Date(0), leases: '{}', losses: '{}', ends: '{}', notBefore: '{}' }

const roomFor = (free: number, slots: number) => ({
  cpuMillis: free * jobNeed.cpuMillis,
  memoryBytes: free * jobNeed.memoryBytes,
  storageBytes: (free / slots) * 85e9,
})
