import { explain } from '../kernel/index.ts'
import { isInFlight, type PlanChunk, type PoolId, poolOf, type ShardRecord } from '../model/index.ts'
import { paths } from './paths.ts'
import { decodePool, type PoolRecord, type Waiting } from './pool-record.ts'
import type { Store } from './ports.ts'
import { momentOf, since } from './since.ts'
import { type StoredJob, stateAt } from './stored-job.ts'

/** Why a job waits and since when, as far as it is known; else how it ended. `undefined` where there is nothing to explain. */
export function explainJob(job: StoredJob, now: number): string | undefined {
  const { shard, index } = job
  const state = stateAt(shard, index)
  if (isInFlight(state) && shard.leases[index]?.stopping === true) return 'it is being cancelled: its worker stops it'
  switch (state) {
    case 'Pending':
      return explainPending(job)
    case 'Ready':
      return explainReady(job, now)
    case 'Creating':
      return explainCreating(job)
    default:
      return explain(state, shard.ends[index])
  }
}

const withSince = (sentence: string, ms: number | undefined): string =>
  ms === undefined ? sentence : `${sentence}, ${since(ms)}`

function explainPending({ parents, submittedAt }: StoredJob): string {
  const all = parents?.all === 1 ? 'the job that it depends on' : `the ${parents?.all} jobs that it depends on`
  const counted =
    parents && (parents.open < parents.all ? `it waits for ${parents.open} of ${all}` : `it waits for ${all}`)
  return withSince(counted ?? 'it waits for jobs that it depends on', submittedAt)
}

function explainReady({ shard, index, waiting, document }: StoredJob, now: number): string {
  if (shard.paused !== undefined) return `it waits, because ${shard.paused}`
  const notBefore = shard.notBefore[index] ?? 0
  if (notBefore > now) return `it is tried again from ${momentOf(notBefore)} on, so that what failed it may pass`
  if (waiting !== undefined) return `it waits for ${waiting.message}, ${since(waiting.since)}`
  return withSince('it waits for a worker', document?.state === 'Ready' ? document.readyAt : undefined)
}

/** Its worker tells nobody how far it is: that would be a message for each step of each job. */
function explainCreating({ shard, index, image }: StoredJob): string {
  const fetched = image === undefined ? 'its files' : `its image ${image} and its files`
  return withSince(`its worker fetches ${fetched}, or has no core free for it yet`, shard.leases[index]?.at)
}

/** The pools of a shard's ready work. Where machines are not asked for, there are no such records. */
export async function readPools(store: Store, shard: ShardRecord): Promise<ReadonlyMap<PoolId, PoolRecord>> {
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
