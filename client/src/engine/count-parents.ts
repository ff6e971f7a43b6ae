import { expandOutPort, indexInPorts } from '../kernel/index.ts'
import { inRanges, isTerminal, type OutPort, type PlanChunk, type ShardRecord, shardId } from '../model/index.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { readSomeShards } from './read-shards.ts'
import { decodeAttached, decodeChunk } from './records.ts'
import { type Parents, stateAt } from './stored-job.ts'

/** Parts of a batch that are read to count one job's parents; of a job with parents in more of them nothing is counted. */
const maxSources = 16

/** Of jobs whose parents are all in their own shard; the others are left out. Reads nothing. */
export function countLocalParents(
  shard: ShardRecord,
  plan: PlanChunk,
  indexes: readonly number[],
): ReadonlyMap<number, Parents> {
  const hasPort = new Set(plan.inPorts.flatMap(({ children }) => [...inRanges(children)]))
  return new Map(
    indexes.filter((index) => !hasPort.has(index)).map((index) => [index, localParents(shard, plan, index)]),
  )
}

function localParents(shard: ShardRecord, plan: PlanChunk, index: number): Parents {
  const parents = [...inRanges(plan.jobs[index]?.parents ?? [])]
  return { open: parents.filter((parent) => !isTerminal(stateAt(shard, parent))).length, all: parents.length }
}

/** Of one job, wherever its parents are; `undefined` if they are in too many places, or what is stored does not tell. */
export async function countParents(
  store: Store,
  shard: ShardRecord,
  plan: PlanChunk,
  index: number,
): Promise<Parents | undefined> {
  const { portsOf, sourceOfPort } = indexInPorts(plan)
  const ports = new Set(portsOf[index])
  const sources = [...new Set([...ports].map((port) => sourceOfPort[port] ?? -1))]
  if (sources.length > maxSources) return undefined
  const records = await readSomeShards(store, shard.batch, sources)
  if (records.length < sources.length) return undefined
  const outPorts = await readOutPorts(store, records)
  const counts = records.map((source, place) => countIn(source, outPorts[place] ?? [], { to: shard.shard, ports }))
  const own = localParents(shard, plan, index)
  return counts.reduce((sum, { open, all }) => ({ open: sum.open + open, all: sum.all + all }), own)
}

/** Those of the plan, and those that later updates have attached to it. */
async function readOutPorts(store: Store, records: readonly ShardRecord[]): Promise<OutPort[][]> {
  return Promise.all(
    records.map(async ({ batch, shard, planHash, attached }) => {
      const [chunk, ...later] = await store.read([
        paths.chunk(batch, planHash, shardId(shard)),
        ...attached.map((update) => paths.attached(batch, shardId(shard), update)),
      ])
      const own = chunk === undefined ? [] : decodeChunk(chunk.document).outPorts
      return [...own, ...later.flatMap((found) => (found === undefined ? [] : decodeAttached(found.document).outPorts))]
    }),
  )
}

function countIn(
  source: ShardRecord,
  outPorts: readonly OutPort[],
  { to, ports }: { readonly to: number; readonly ports: ReadonlySet<number> },
): Parents {
  const edges = outPorts.filter(({ toShard }) => toShard === to).flatMap(expandOutPort)
  const parents = new Set(edges.filter(({ port }) => ports.has(port)).flatMap((edge) => edge.parents))
  return { open: [...parents].filter((parent) => !isTerminal(stateAt(source, parent))).length, all: parents.size }
}
