import { plannedJob, runsAlone, templateOf } from '../kernel/index.ts'
import {
  type Assignment,
  type AttemptRef,
  type GrantRef,
  memoryBytesOf,
  type PoolId,
  type WorkerId,
} from '../model/index.ts'
import { attemptToken } from './attempt-token.ts'
import type { HostedShard, LaneRecords } from './lane-records.ts'

/**
 * What a worker needs to run what it was granted; attempts that are no longer the worker's are left out.
 * @throws Error if a shard cannot be read now
 */
export async function assign(
  records: LaneRecords,
  serviceKey: string,
  grants: readonly GrantRef[],
  worker: { readonly id: WorkerId; readonly pool: PoolId | undefined },
): Promise<Assignment[]> {
  const shards = grants.map((grant) => ({ grant, shard: records.shard(grant.batch, grant.shard) }))
  // Another instance may have made the grant: a record from before it would hide it.
  for (const { grant, shard } of shards) if (!hasCounted(shard, grant)) shard.host.outdate()
  await records.load(shards.map(({ shard }) => shard.host))
  return shards.flatMap(({ grant, shard }) => {
    if (!hasCounted(shard, grant)) throw new Error(`${shard.host.path} cannot be read now`)
    return assignmentOf(serviceKey, shard, grant, worker) ?? []
  })
}

/** `undefined` if the attempt is no longer the worker's. */
function assignmentOf(
  serviceKey: string,
  { host, model }: HostedShard,
  grant: GrantRef,
  worker: { readonly id: WorkerId; readonly pool: PoolId | undefined },
): Assignment | undefined {
  const record = host.stored
  if (record === undefined) return undefined
  const index = grant.job - record.firstJob
  const lease = record.leases[index]
  if (lease === undefined || lease.attempt !== grant.attempt || lease.worker !== worker.id) return undefined
  const job = plannedJob(model.plan, index)
  const template = templateOf(model.plan, index)
  return {
    ...grant,
    lane: record.lane,
    token: attemptToken(serviceKey, { ...grant, worker: worker.id }),
    name: job.name,
    root: record.root,
    template,
    detail: job.detail,
    memoryBytes: memoryBytesOf(template, record.losses[index]),
    ...(runsAlone(template, record.losses[index], worker.pool) && { isAlone: true }),
  }
}

/**
 * The end of this attempt is recorded. Never becomes untrue, so memory may answer it: a record from before the attempt
 * has no lease of it either, but has not counted it yet.
 */
export function isRecorded({ host }: Pick<HostedShard, 'host'>, ref: AttemptRef): boolean {
  const record = host.stored
  if (record === undefined) return host.isLoaded
  return hasCounted({ host }, ref) && record.leases[ref.job - record.firstJob]?.attempt !== ref.attempt
}

/** The record is as new as the attempt, or there is none any more. */
function hasCounted({ host }: Pick<HostedShard, 'host'>, { job, attempt }: AttemptRef | GrantRef): boolean {
  const record = host.stored
  if (record === undefined) return host.isLoaded
  const index = job - record.firstJob
  return Number.parseInt(record.attempts.slice(2 * index, 2 * index + 2), 16) >= attempt
}
