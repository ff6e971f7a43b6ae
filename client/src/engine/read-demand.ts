import type { BatchId, PoolId, Resources, ShardRecord } from '../model/index.ts'
import type { BatchDemand } from './batch-caps.ts'
import { type BatchUse, readBatchUse } from './batch-use.ts'
import type { FleetLimits } from './fleet-limits.ts'
import type { NeedsCache, NeedyJob } from './needs-cache.ts'
import type { Outgoing } from './outgoing.ts'
import type { Group } from './pack-machines.ts'
import type { Store } from './ports.ts'

/** Plans that are read in one tick; the other jobs of a batch are taken to be like those that are read. */
const maxPlansRead = 64

export interface DemandQuestion {
  readonly pool: PoolId
  readonly ready: readonly ShardRecord[]
  readonly limits: Pick<FleetLimits, 'batch' | 'dollarsPerBatch'>
  readonly now: number
}

export interface PoolDemand {
  readonly demand: readonly BatchDemand[]
  /** Batches that are found to have cost too much pause now; no machine is made for them. */
  readonly pauses: readonly Outgoing[]
}

/** What the ready jobs of a pool need, batch by batch, and what those batches have already. */
export async function readDemand(store: Store, needs: NeedsCache, question: DemandQuestion): Promise<PoolDemand> {
  const { pool, ready } = question
  const read = inTurns(ready).slice(0, maxPlansRead)
  await needs.load(store, read)
  const demand: BatchDemand[] = []
  const pauses: Outgoing[] = []
  const scale = isCapped(question.limits) ? 1 : scaleFor(ready, ofBatches(ready, read))
  for (const [batch, shards] of Map.groupBy(read, (shard) => shard.batch)) {
    const use = await useOf(store, needs, batch, question)
    pauses.push(...(use?.pauses ?? []))
    if (use?.isOverBudget === true) continue
    const jobs = shards.flatMap((shard) => needs.jobs(shard, 'r')?.filter((job) => job.pool === pool) ?? [])
    const own = ready.filter((shard) => shard.batch === batch)
    const groups = group(jobs, scale * scaleFor(own, shards))
    demand.push({ batch, groups, used: use ?? nothing })
  }
  return { demand, pauses }
}

const nothing = { machines: 0, cpus: 0, dollarsPerHour: 0 } as const

const isCapped = ({ batch, dollarsPerBatch }: DemandQuestion['limits']): boolean =>
  dollarsPerBatch !== undefined || Object.values(batch).some((cap) => cap !== undefined)

async function useOf(
  store: Store,
  needs: NeedsCache,
  batch: BatchId,
  { limits, now }: DemandQuestion,
): Promise<BatchUse | undefined> {
  return isCapped(limits) ? readBatchUse(store, needs, { batch, limits, now }) : undefined
}

/** One shard of each batch, then a second one of each, so that no batch hides the others. */
function inTurns(shards: readonly ShardRecord[]): ShardRecord[] {
  const seen = new Map<BatchId, number>()
  const turns = shards.map((shard) => {
    const turn = seen.get(shard.batch) ?? 0
    seen.set(shard.batch, turn + 1)
    return { shard, turn }
  })
  return turns.sort((left, right) => left.turn - right.turn).map(({ shard }) => shard)
}

function ofBatches(shards: readonly ShardRecord[], of: readonly ShardRecord[]): ShardRecord[] {
  const batches = new Set(of.map(({ batch }) => batch))
  return shards.filter(({ batch }) => batches.has(batch))
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
