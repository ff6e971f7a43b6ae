import type { PlanChunk } from '../model/index.ts'
import { assembleChunk } from './assemble-chunks.ts'
import type { BatchSpec } from './batch-spec.ts'
import type { ClosedShards } from './closed-shards.ts'
import type { CompiledBatch } from './compiled-batch.ts'
import { cutShards } from './cut-shards.ts'
import { elementAt } from './element-at.ts'
import type { EarlierShard } from './locate-shard.ts'
import { collectParents, type Numbering, numberParents } from './parent-lists.ts'
import { prepareJobs } from './prepare-jobs.ts'
import { orderTopologically } from './topological-order.ts'

export interface CompileOptions {
  /** SHA-256 of a text in UTF-8, in hexadecimal digits. An argument, because nothing here knows a platform. */
  readonly hash: (text: string) => string
  /** The number of the first job: above 1 for an update of a submitted batch. Default 1. */
  readonly firstJob?: number | undefined
  /** The number of the first shard. Default 0. */
  readonly firstShard?: number | undefined
  /** Finds the shards of earlier jobs; needed where the spec has `earlierParents`. See `shardLocator`. */
  readonly shardOfJob?: ((job: number) => EarlierShard) | undefined
  /** Shards close at this many jobs at the latest. Default 512. */
  readonly maxShardJobs?: number | undefined
}

/**
 * Turns a batch as described into a plan: numbers the jobs in topological order, cuts them into shards and writes down
 * the edges. The same spec gives the same plan.
 * @throws CycleFound, JobTooLarge, EarlierEdgesTooLarge
 */
export function compile(spec: BatchSpec, options: CompileOptions): CompiledBatch {
  const { hash, firstJob = 1, firstShard = 0, shardOfJob = noEarlierShards } = options
  const numbering = numberJobs(spec, firstJob)
  const { order, numbers } = numbering
  const parents = numberParents(spec, numbering)
  const jobs = prepareJobs(spec, numbering, hash)
  const input = { jobs, parents, firstJob }
  const closed = cutShards(
    { spec, order, input, numbering: { firstJob, firstShard, shardOfJob } },
    options.maxShardJobs,
  )
  const chunks = closed.drafts.map((draft, index) =>
    assembleChunk({ spec, order, ...input }, draft, firstShard + index),
  )
  return {
    jobs: order.length,
    edges: parents.targets.length,
    chunks,
    details: jobs.objects,
    numbers,
    ...attach(chunks, closed, hash),
  }
}

function numberJobs(spec: BatchSpec, firstJob: number): Numbering {
  const order = orderTopologically(collectParents(spec), spec.jobs.length)
  const numbers = new Uint32Array(order.length)
  for (let position = 0; position < order.length; position++) numbers[elementAt(order, position)] = firstJob + position
  return { order, numbers, firstJob }
}

/** The ports for old shards, and the name of it all. One chunk at a time is text: a large batch is gigabytes of it. */
function attach(chunks: readonly PlanChunk[], closed: ClosedShards, hash: (text: string) => string) {
  const attached = [...closed.attached.values()]
    .sort((left, right) => left.shard - right.shard)
    .map(({ shard, outPorts }) => ({ shard, outPorts }))
  const hashes = chunks.map((chunk) => hash(JSON.stringify(chunk)))
  if (attached.length > 0) hashes.push(hash(JSON.stringify(attached)))
  return { attached, planHash: hash(hashes.join('\n')).slice(0, 16) }
}

function noEarlierShards(job: number): never {
  throw new RangeError(`a job depends on job ${job} of an earlier run, but nothing tells where that is (shardOfJob)`)
}
