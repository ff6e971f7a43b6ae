import { type BatchId, type BatchRecord, noJobs, type PlanChunk, type ShardRecord, shardId } from '../model/index.ts'

/** A shard's record as the submitter writes it: all Pending, not started. */
export function newShardRecord(batch: BatchId, chunk: PlanChunk, lane: number, user: string, at: number): ShardRecord {
  const size = chunk.jobs.length
  const ports = chunk.inPorts.reduce((count, inPort) => count + inPort.count, 0)
  return {
    version: 1,
    batch,
    shard: shardId(chunk.shard),
    lane,
    firstJob: chunk.firstJob,
    user,
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
    updates: [{ ...first, firstJob: 1, firstShard: 0, isCommitted: false, isStartSent: false, attachesTo: [] }],
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
