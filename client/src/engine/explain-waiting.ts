import { explain } from '../kernel/index.ts'
import { type PlanChunk, type PoolId, poolOf, type ShardRecord } from '../model/index.ts'
import { paths } from './paths.ts'
import { decodePool, type PoolRecord, type Waiting } from './pool-record.ts'
import type { Store } from './ports.ts'
import { since } from './since.ts'

/** Why a Ready job has not started, and since when that is so. */
export function explainReady(shard: ShardRecord, waiting: Waiting | undefined): string | undefined {
  if (shard.paused !== undefined || waiting === undefined) return explain('Ready', undefined, shard.paused)
  return `it waits for ${waiting.message}, ${since(waiting.since)}`
}

/** What the pools of a shard's ready work wait for. Where machines are not asked for, there are no such records. */
export async function readWaiting(store: Store, shard: ShardRecord): Promise<ReadonlyMap<PoolId, PoolRecord>> {
  const pools = shard.readyPools
  const found = pools.length === 0 ? [] : await store.read(pools.map((pool) => paths.pool(pool)))
  const known = found.flatMap((one) => (one === undefined ? [] : [decodePool(one.document)]))
  return new Map(known.map((record) => [record.pool, record]))
}

/** What one job waits for; `undefined` if its pool is not known to lack machines. */
export function waitingOf(
  pools: ReadonlyMap<PoolId, PoolRecord>,
  { shard, index, plan }: { readonly shard: ShardRecord; readonly index: number; readonly plan: PlanChunk | undefined },
): Waiting | undefined {
  const template = plan?.templates[plan.jobs[index]?.template ?? -1]
  const pool = template && pools.get(poolOf(template, shard.losses[index]))
  return pool?.held?.[shard.batch] ?? pool?.waiting
}
