import type { PoolId, Resources, ShardRecord } from '../model/index.ts'
import type { NeedsCache, NeedyJob } from './needs-cache.ts'
import type { Group } from './pack-machines.ts'
import type { Store } from './ports.ts'
import { committedShards, readSomeShards } from './read-shards.ts'
import { readBatch } from './records.ts'

/** Plans that are read in one tick; the other shards' jobs are taken to be like theirs. */
const maxPlansRead = 64

/**
 * What the ready jobs of a pool need. `batchCpus`: no batch gets machines for more than so many cores, those that it
 * uses already included.
 */
export async function readDemand(
  store: Store,
  needs: NeedsCache,
  ask: { readonly pool: PoolId; readonly ready: readonly ShardRecord[]; readonly batchCpus: number | undefined },
): Promise<Group[]> {
  const { pool, ready, batchCpus } = ask
  const read = ready.slice(0, maxPlansRead)
  await needs.load(store, read)
  const jobs = read.map((shard) => needs.jobs(shard, 'r')?.filter((job) => job.pool === pool) ?? [])
  const scale = scaleFor(ready, read)
  const within = batchCpus === undefined ? jobs.flat() : await withinCap(store, needs, { read, jobs, batchCpus })
  return group(within, scale)
}

/** How many ready jobs there are for each one whose plan has been read. */
function scaleFor(ready: readonly ShardRecord[], read: readonly ShardRecord[]): number {
  const count = (shards: readonly ShardRecord[]) => shards.reduce((sum, { counts }) => sum + counts.ready, 0)
  return read.length === ready.length || count(read) === 0 ? 1 : count(ready) / count(read)
}

function group(jobs: readonly NeedyJob[], scale: number): Group[] {
  const groups = new Map<string, { need: Resources; count: number }>()
  for (const { need } of jobs) {
    const key = `${need.cpuMillis} ${need.memoryBytes} ${need.storageBytes}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { need, count: 1 })
    else known.count += 1
  }
  return [...groups.values()].map(({ need, count }) => ({ need, count: Math.ceil(count * scale) }))
}

interface Capped {
  readonly read: readonly ShardRecord[]
  /** By shard. */
  readonly jobs: readonly (readonly NeedyJob[])[]
  readonly batchCpus: number
}

/** Leaves out what would take a batch over its cap. */
async function withinCap(store: Store, needs: NeedsCache, { read, jobs, batchCpus }: Capped): Promise<NeedyJob[]> {
  const kept: NeedyJob[] = []
  const left = new Map<string, number>()
  for (const [place, shard] of read.entries()) {
    let room = left.get(shard.batch) ?? batchCpus * 1000 - (await cpuMillisInUse(store, needs, shard))
    for (const job of jobs[place] ?? []) {
      if (job.need.cpuMillis > room) continue
      room -= job.need.cpuMillis
      kept.push(job)
    }
    left.set(shard.batch, room)
  }
  return kept
}

/** By all jobs of the shard's batch that are in flight. */
async function cpuMillisInUse(store: Store, needs: NeedsCache, { batch }: ShardRecord): Promise<number> {
  const stored = await readBatch(store, batch)
  if (stored === undefined) return 0
  const shards = await readSomeShards(store, batch, committedShards(stored.record))
  const busy = shards.filter(({ counts }) => counts.creating + counts.running > 0)
  await needs.load(store, busy)
  const jobs = busy.flatMap((shard) => needs.jobs(shard, 'cu') ?? [])
  return jobs.reduce((sum, { need }) => sum + need.cpuMillis, 0)
}
