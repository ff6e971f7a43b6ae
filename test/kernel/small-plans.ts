import { type BatchOfShard, indexPlan, newShardRecord, type ShardPlan } from 'graupel/kernel'
import {
  batchId,
  defaultRetryPolicy,
  type InPort,
  type JobTemplate,
  type OutPort,
  type PlanChunk,
  rangesSchema,
  type ShardRecord,
  toRanges,
  workerId,
} from 'graupel/model'

/** A job of a graph drawn by hand: the numbers of its parents, and what is special about it. */
export interface DrawnJob {
  readonly parents: readonly number[]
  readonly template?: Partial<JobTemplate>
}

/** Jobs 1…n in topological order. */
export type DrawnGraph = readonly DrawnJob[]

export interface SmallShard {
  readonly plan: ShardPlan
  readonly record: ShardRecord
}

export const plainTemplate: JobTemplate = {
  env: {},
  cpuMillis: 1000,
  memoryBytes: 1000,
  storageBytes: 1000,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
}

export const ann = workerId('ann')
export const bob = workerId('bob')

export const someBatch: BatchOfShard = {
  batch: batchId('smallbatch'),
  user: 'someone',
  root: 'file:///smallbatch',
  lanes: { count: 1, deployed: 1 },
  planHash: 'plan',
  projection: 'all',
}

/** Cuts a graph into shards of the given sizes, each new record beside its plan. */
export function cutGraph(graph: DrawnGraph, sizes: readonly number[], reportsFailures = false): SmallShard[] {
  return chunksOf(graph, sizes, reportsFailures).map((chunk) => ({
    plan: indexPlan(chunk),
    record: newShardRecord(someBatch, chunk, 0),
  }))
}

/** The whole graph in one shard. */
export function oneShard(graph: DrawnGraph, reportsFailures = false): SmallShard {
  const [shard] = cutGraph(graph, [graph.length], reportsFailures)
  if (shard === undefined) throw new Error('a graph needs a job')
  return shard
}

/** A single job. */
export const oneJob = (template: Partial<JobTemplate> = {}): SmallShard => oneShard([{ parents: [], template }])

interface Cut {
  readonly graph: DrawnGraph
  readonly shardOf: (job: number) => number
  readonly firstOf: (shard: number) => number
}

export function chunksOf(graph: DrawnGraph, sizes: readonly number[], reportsFailures = false): PlanChunk[] {
  const firsts = sizes.map((_, shard) => 1 + sizes.slice(0, shard).reduce((sum, size) => sum + size, 0))
  const shardOf = (job: number) => firsts.findLastIndex((first) => first <= job)
  const cut: Cut = { graph, shardOf, firstOf: (shard) => firsts[shard] ?? 0 }
  const chunks = sizes.map((size, shard) => chunkOf(cut, shard, size, reportsFailures))
  for (const [toShard, chunk] of chunks.entries())
    for (const link of linksInto(cut, toShard, chunk.jobs.length)) {
      chunk.inPorts.push(link.inPort)
      chunks[link.inPort.fromShard]?.outPorts.push({ ...link.outPort, toShard })
    }
  return chunks
}

function chunkOf({ graph, shardOf, firstOf }: Cut, shard: number, size: number, reportsFailures: boolean): PlanChunk {
  const firstJob = firstOf(shard)
  const drawn = graph.slice(firstJob - 1, firstJob - 1 + size)
  return {
    shard,
    firstJob,
    templates: drawn.map((job) => ({ ...plainTemplate, ...job.template })),
    jobs: drawn.map((job, index) => {
      const local = job.parents.filter((parent) => shardOf(parent) === shard).map((parent) => parent - firstJob)
      return { template: index, detail: { object: 'none' }, parents: rangesOf(local) }
    }),
    inPorts: [],
    outPorts: [],
    reportsFailures,
  }
}

/** One port for each source shard and distinct set of parents there, numbered contiguously per source. */
function linksInto({ graph, shardOf, firstOf }: Cut, toShard: number, size: number) {
  const first = firstOf(toShard)
  const waiting = new Map<string, { fromShard: number; parents: number[]; children: number[] }>()
  for (let job = first; job < first + size; job++)
    for (let fromShard = 0; fromShard < toShard; fromShard++) {
      const parents = (graph[job - 1]?.parents ?? []).filter((parent) => shardOf(parent) === fromShard).sort(byNumber)
      if (parents.length === 0) continue
      const key = `${fromShard}:${parents.join()}`
      const link = waiting.get(key) ?? { fromShard, parents, children: [] }
      link.children.push(job - first)
      waiting.set(key, link)
    }
  const links = [...waiting.values()].sort((left, right) => left.fromShard - right.fromShard)
  return links.map(({ fromShard, parents, children }, port) => {
    const local = rangesOf(parents.map((parent) => parent - firstOf(fromShard)))
    const inPort: InPort = { fromShard, first: port, count: 1, children: rangesOf(children) }
    const outPort: Omit<OutPort, 'toShard'> = { first: port, count: 1, parents: local }
    return { inPort, outPort }
  })
}

const byNumber = (left: number, right: number): number => left - right

/** Ranges as a plan has them, of numbers in any order. */
export const rangesOf = (numbers: readonly number[]) => rangesSchema.parse(toRanges(numbers.toSorted(byNumber)))
