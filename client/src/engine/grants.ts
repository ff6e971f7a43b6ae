import type { Granted } from '../kernel/index.ts'
import type { GrantRef, LeaseRequest, Resources } from '../model/index.ts'
import type { Hosted } from './hosted-record.ts'
import type { LaneRecords } from './lane-records.ts'
import type { ReadyIndex } from './ready-index.ts'

/** What one request has been promised in this turn; true once its commit is known. */
export interface Promised {
  readonly grants: readonly GrantRef[]
  readonly records: readonly Hosted[]
  /** Room that the worker has left beside them. */
  readonly free: Resources
}

/** Shards looked at for one request in one turn. */
const maxCandidates = 8

/** Fills a worker's free room from the shards that have waited longest. Nothing is committed here. */
export async function promise(
  records: LaneRecords,
  index: ReadyIndex,
  request: LeaseRequest,
  { at, dollarsPerHour }: { readonly at: number; readonly dollarsPerHour: number },
): Promise<Promised> {
  const candidates = index.candidates(request.pool, maxCandidates)
  await records.load(candidates.map((ready) => records.shard(ready.batch, ready.shard).host))
  const grants: GrantRef[] = []
  const touched: Hosted[] = []
  let free = request.free
  for (const ready of candidates) {
    if (grants.length >= request.maxJobs) break
    const { host } = records.shard(ready.batch, ready.shard)
    const granted = askShard(host, request, { free, taken: grants.length, at, dollarsPerHour })
    if (granted.length === 0) continue
    touched.push(host)
    index.served(ready)
    for (const { job, attempt } of granted) grants.push({ batch: ready.batch, shard: ready.shard, job, attempt })
    free = granted.reduce((left, { takes }) => subtract(left, takes), free)
  }
  return { grants, records: touched, free }
}

function askShard(
  host: ReturnType<LaneRecords['shard']>['host'],
  request: LeaseRequest,
  so: { readonly free: Resources; readonly taken: number; readonly at: number; readonly dollarsPerHour: number },
): readonly Granted[] {
  const outcome = host.apply(
    {
      type: 'leaseRequested',
      worker: request.worker,
      request: request.request,
      ...(request.pool !== undefined && { pool: request.pool }),
      free: so.free,
      total: request.total,
      ...(so.dollarsPerHour > 0 && { dollarsPerHour: so.dollarsPerHour }),
      ...(request.mustFit === true && { mustFit: true }),
      maxJobs: request.maxJobs - so.taken,
      isEmpty: request.isEmpty && so.taken === 0,
    },
    so.at,
  )
  return outcome?.reply?.kind === 'granted' ? outcome.reply.grants : []
}

const subtract = (free: Resources, taken: Resources): Resources => ({
  cpuMillis: free.cpuMillis - taken.cpuMillis,
  memoryBytes: free.memoryBytes - taken.memoryBytes,
  storageBytes: free.storageBytes - taken.storageBytes,
})
