import { type BatchRecord, laneOfShard, noJobs, type PlanChunk, type ShardRecord, shardId } from '../model/index.ts'

/** What a shard's record takes over from its batch. */
export type BatchOfShard = Pick<ShardRecord, 'batch' | 'user' | 'root' | 'lanes' | 'planHash' | 'projection'>

/** Batches of up to this many jobs get a document for each job. */
const maxProjectedJobs = 10_000

export const projectionFor = (jobs: number): ShardRecord['projection'] => (jobs <= maxProjectedJobs ? 'all' : 'failed')

/** A shard's record as the submitter writes it: all Pending, not started. */
export function newShardRecord(batch: BatchOfShard, chunk: PlanChunk, at: number): ShardRecord {
  const size = chunk.jobs.length
  const ports = chunk.inPorts.reduce((count, inPort) => count + inPort.count, 0)
  const shard = shardId(chunk.shard)
  return {
    ...batch,
    version: 1,
    shard,
    lane: laneOfShard(batch.batch, shard, batch.lanes),
    firstJob: chunk.firstJob,
    isStarted: false,
    isCancelled: false,
    states: 'p'.repeat(size),
    attempts: '00'.repeat(size),
    ports: '.'.repeat(ports),
    leases: {},
    losses: {},
    ends: {},
    notBefore: {},
    attached: [],
    sentPorts: '',
    sentFinished: false,
    sweeps: 0,
    counts: { ...noJobs, pending: size },
    readyPools: [],
    lastAt: at,
  }
}

/** What a submitter says of a new batch. */
export type NewBatch = Pick<
  BatchRecord,
  'id' | 'name' | 'user' | 'attributes' | 'root' | 'lanes' | 'cancelAfterNFailures' | 'callback' | 'deleteScratch'
> & { readonly scratch: 'kept' | 'held'; readonly createdAt: number }

/** `open`, and reserved for one submission: the first. */
export function newBatchRecord(
  batch: NewBatch,
  first: { readonly token: string; readonly jobs: number; readonly shards: number; readonly planHash: string },
): BatchRecord {
  return {
    ...batch,
    version: 1,
    state: 'open',
    updates: [
      { ...first, number: 1, firstJob: 1, firstShard: 0, isCommitted: false, isStartSent: false, attachesTo: [] },
    ],
    archived: { updates: 0, jobs: [], shards: [] },
    jobs: 0,
    shards: 0,
    finishedShards: '',
    counts: noJobs,
    failures: {},
    isCancelled: false,
    isDeleting: false,
    completions: 0,
    calledBack: 0,
    lastAt: batch.createdAt,
  }
}
