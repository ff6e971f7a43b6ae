import type { BatchId, PoolId, ShardId, WorkerId } from '../model/index.ts'

/** Where each document lies. The one place that knows. */
export const paths = {
  batch: (batch: BatchId) => `batches/${batch}`,
  shard: (batch: BatchId, shard: ShardId) => `batches/${batch}/shards/${shard}`,
  /** Chunks are named by the plan's hash: two different submissions under one id never mix. */
  chunk: (batch: BatchId, planHash: string, shard: ShardId) => `batches/${batch}/plan/${planHash}-${shard}`,
  attached: (batch: BatchId, shard: ShardId, update: number) => `batches/${batch}/attached/${shard}-${update}`,
  job: (batch: BatchId, job: number) => `batches/${batch}/jobs/${job}`,
  /** `token` as a name that any document may have. */
  token: (batch: BatchId, token: string) => `batches/${batch}/tokens/${token}`,
  shardsOf: (batch: BatchId) => `batches/${batch}/shards`,
  plansOf: (batch: BatchId) => `batches/${batch}/plan`,
  attachedOf: (batch: BatchId) => `batches/${batch}/attached`,
  jobsOf: (batch: BatchId) => `batches/${batch}/jobs`,
  tokensOf: (batch: BatchId) => `batches/${batch}/tokens`,
  worker: (worker: WorkerId) => `workers/${worker}`,
  pools: 'pools',
  pool: (pool: PoolId) => `pools/${pool}`,
  deadEvent: (id: string) => `deadEvents/${id}`,
} as const
