import { reduceWorker } from '../kernel/index.ts'
import {
  type AttemptRef,
  type BatchId,
  batchId,
  hash32,
  type RenewReply,
  type RenewRequest,
  type ShardId,
  type ShardRecord,
  shardId,
  type WorkerId,
} from '../model/index.ts'
import { isRecorded } from './assignments.ts'
import { commitWorkerEvent } from './commit-record.ts'
import type { EngineServices } from './engine.ts'
import type { HostedShard, LaneRecords } from './lane-records.ts'
import { publishAll, toShard } from './outgoing.ts'
import { readWorker, storedShard, workerWrite } from './records.ts'

export interface RenewalSurroundings {
  readonly services: EngineServices
  readonly records: LaneRecords
  readonly scheduleTurn: () => void
}

/**
 * A worker says that it lives and what it holds. Its home lane writes that down; every lane tells it what of its own
 * shards it must stop, and takes back what it should hold and does not. In shards of lanes where it knows of nothing,
 * the home lane does so.
 */
export async function renew(around: RenewalSurroundings, request: RenewRequest): Promise<RenewReply> {
  const { services } = around
  const isHome = hash32(request.worker) % services.deployedLanes === services.lane
  const record = isHome
    ? await commitSeen(services, request)
    : (await readWorker(services.store, request.worker))?.record
  if (record !== undefined && record.state !== 'active') return { confirmed: [], stops: [], standing: 'refused' }
  const shards = await loadShards(around, [
    ...(record?.shards.map(parseShard) ?? []),
    ...request.held,
    ...request.unconfirmed,
  ])
  const own = shards.filter(({ host }) => (host.stored?.lane ?? services.lane) === services.lane)
  const stops = await Promise.all(own.map((shard) => reportHoldings(around, shard, request)))
  const confirmed = request.unconfirmed.filter((ref) => own.some((shard) => isOf(shard, ref) && isRecorded(shard, ref)))
  const named = [...request.held, ...request.unconfirmed]
  const unnamed = shards.filter((shard) => !own.includes(shard) && !named.some((ref) => isOf(shard, ref)))
  await takeStock(services, request, [
    ...own.filter((shard) => seemsEmptied(shard, request)),
    ...(isHome ? unnamed : []),
  ])
  return { confirmed: [...confirmed], stops: stops.flat(), standing: 'active' }
}

const commitSeen = (services: EngineServices, request: RenewRequest) =>
  commitWorkerEvent(services, request.worker, {
    type: 'seen',
    at: services.clock.now(),
    leaseMs: services.leaseMs,
    free: request.free,
  })

interface ShardRef {
  readonly batch: BatchId
  readonly shard: ShardId
}

function parseShard(text: string): ShardRef {
  const [batch = '', shard = ''] = text.split('/')
  return { batch: batchId(batch), shard: shardId(Number(shard)) }
}

async function loadShards({ records }: RenewalSurroundings, refs: readonly ShardRef[]): Promise<HostedShard[]> {
  const distinct = new Map(refs.map((ref) => [`${ref.batch}/${ref.shard}`, records.shard(ref.batch, ref.shard)]))
  const shards = [...distinct.values()]
  await records.load(shards.map((shard) => shard.host))
  // One that cannot be read now is not one that is gone: its jobs must not be stopped.
  for (const { host } of shards) if (!host.isLoaded) throw new Error(`${host.path} cannot be read now`)
  return shards
}

async function reportHoldings(
  { records, scheduleTurn }: RenewalSurroundings,
  shard: HostedShard,
  request: RenewRequest,
): Promise<AttemptRef[]> {
  const held = request.held.filter((ref) => isOf(shard, ref))
  const record = shard.host.stored
  if (record === undefined) return held
  const unconfirmed = request.unconfirmed.filter((ref) => isOf(shard, ref))
  // Asked for again: what nobody waited for while others were read may have been dropped, and gets no turn.
  const reported = records
    .shard(record.batch, record.shard)
    .host.deliver(holdingsOf(request, [...held, ...unconfirmed]))
  scheduleTurn()
  const reply = (await reported)?.reply
  const stops = reply?.kind === 'held' ? reply.stops : []
  return held.filter((ref) => stops.some((stop) => stop.job === ref.job && stop.attempt === ref.attempt))
}

const isOf = (shard: HostedShard, ref: ShardRef): boolean => shard.model.isOf(ref.batch, ref.shard)

function seemsEmptied({ host }: HostedShard, { worker }: RenewRequest): boolean {
  const { stored } = host
  return stored !== undefined && stored.readyPools.length === 0 && !holds(stored, worker)
}

/**
 * Shards in which the worker holds nothing any more need not be told when it is lost. Certain only if no grant came in
 * between: each moves the worker's record, so that is read first and must be unmoved at the end. A lease that turns up
 * where the worker knows of none is for the shard to take back.
 */
async function takeStock(
  { bus, store }: EngineServices,
  request: RenewRequest,
  shards: readonly HostedShard[],
): Promise<void> {
  if (shards.length === 0) return
  const worker = await readWorker(store, request.worker)
  if (worker === undefined) return
  const found = (await store.read(shards.map(({ host }) => host.path))).flatMap((one) => storedShard(one)?.record ?? [])
  const named = [...request.held, ...request.unconfirmed]
  const unknown = found.filter(
    (one) =>
      holds(one, request.worker) && !named.some(({ batch, shard }) => batch === one.batch && shard === one.shard),
  )
  const reported = holdingsOf(request, [])
  await publishAll(
    bus,
    unknown.map(({ batch, shard, lanes }) => toShard(batch, shard, lanes, [reported])),
  )
  const emptied = found.filter((one) => !holds(one, request.worker)).map(({ batch, shard }) => `${batch}/${shard}`)
  const record = reduceWorker(worker.record, { type: 'emptied', shards: emptied })
  if (record === worker.record) return
  // Nothing depends on it: the next renewal finds the same again.
  await store.commit([workerWrite(record, worker.revision)]).catch(() => undefined)
}

const holdingsOf = ({ highest, open, worker }: RenewRequest, refs: readonly AttemptRef[]) => ({
  type: 'holdingsReported' as const,
  worker,
  highest,
  ...(open !== undefined && { open }),
  held: refs.map((ref): [number, number] => [ref.job, ref.attempt]),
})

const holds = (record: ShardRecord, worker: WorkerId): boolean =>
  Object.values(record.leases).some((lease) => lease.worker === worker)
