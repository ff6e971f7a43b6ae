import type { BatchId, ShardRecord } from '../model/index.ts'
import { checkBudget, costOfShard } from './check-budget.ts'
import type { FleetLimits, Usage } from './fleet-limits.ts'
import type { NeedsCache } from './needs-cache.ts'
import type { Outgoing } from './outgoing.ts'
import type { Store } from './ports.ts'
import { committedShards, readSomeShards } from './read-shards.ts'
import { readBatch } from './records.ts'

/** Plans that are read to count a batch's cores; its other jobs in flight are taken to be like those. */
const maxPlansRead = 64

/** What a batch's jobs in flight use, and whether it has cost as much as it may. */
export interface BatchUse extends Usage {
  readonly isOverBudget: boolean
  readonly pauses: readonly Outgoing[]
}

/** Reads the batch and its shards that have not finished, so it is done only where there is a cap. */
export async function readBatchUse(
  store: Store,
  needs: NeedsCache,
  ask: {
    readonly batch: BatchId
    readonly limits: Pick<FleetLimits, 'batch' | 'dollarsPerBatch'>
    readonly now: number
  },
): Promise<BatchUse | undefined> {
  const { limits, now } = ask
  const stored = await readBatch(store, ask.batch)
  if (stored === undefined) return undefined
  const { record } = stored
  const unfinished = committedShards(record).filter((shard) => record.finishedShards[shard] !== '1')
  const shards = await readSomeShards(store, record.id, unfinished)
  const leases = shards.flatMap((shard) => Object.values(shard.leases))
  const budget = checkBudget(
    record,
    shards.map((shard) => costOfShard(record, shard, now)),
    limits.dollarsPerBatch,
    now,
  )
  return {
    machines: new Set(leases.map(({ worker }) => worker)).size,
    cpus: limits.batch.cpus === undefined ? 0 : await coresInUse(store, needs, shards),
    dollarsPerHour: leases.reduce((sum, lease) => sum + (lease.dollarsPerHour ?? 0), 0),
    isOverBudget: budget.isOver,
    // To let a batch go on is the sweep's.
    pauses: budget.isOver ? budget.outgoing : [],
  }
}

async function coresInUse(store: Store, needs: NeedsCache, shards: readonly ShardRecord[]): Promise<number> {
  const inFlight = ({ counts }: ShardRecord) => counts.creating + counts.running
  const busy = shards.filter((shard) => inFlight(shard) > 0)
  const read = busy.slice(0, maxPlansRead)
  await needs.load(store, read)
  const cpuMillis = read
    .flatMap((shard) => needs.jobs(shard, 'cu') ?? [])
    .reduce((sum, { need }) => sum + need.cpuMillis, 0)
  const count = (of: readonly ShardRecord[]) => of.reduce((sum, shard) => sum + inFlight(shard), 0)
  return read.length === 0 ? 0 : ((cpuMillis / 1000) * count(busy)) / count(read)
}
