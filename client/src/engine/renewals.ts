import {
  type AttemptRef,
  type BatchId,
  batchId,
  hash32,
  type RenewReply,
  type RenewRequest,
  type ShardId,
  shardId,
} from '../model/index.ts'
import { isRecorded } from './assignments.ts'
import { commitWorkerEvent } from './commit-record.ts'
import type { EngineServices } from './engine.ts'
import type { HostedShard, LaneRecords } from './lane-records.ts'
import { readWorker } from './records.ts'

export interface RenewalSurroundings {
  readonly services: EngineServices
  readonly records: LaneRecords
  readonly scheduleTurn: () => void
}

/**
 * A worker says that it lives and what it holds. Its home lane writes that down; every lane tells it what of its own
 * shards it must stop, and takes back what it should hold and does not.
 */
export async function renew(around: RenewalSurroundings, request: RenewRequest): Promise<RenewReply> {
  const { services } = around
  const isHome = hash32(request.worker) % services.deployedLanes === services.lane
  const record = isHome
    ? await commitSeen(services, request)
    : (await readWorker(services.store, request.worker))?.record
  if (record !== undefined && record.state !== 'active') return { confirmed: [], stops: [], standing: 'refused' }
  const shards = await ownShards(around, [
    ...(record?.shards.map(parseShard) ?? []),
    ...request.held,
    ...request.unconfirmed,
  ])
  const stops = await Promise.all(shards.map((shard) => reportHoldings(around, shard, request)))
  const confirmed = request.unconfirmed.filter((ref) =>
    shards.some((shard) => isOf(shard, ref) && isRecorded(shard, ref)),
  )
  await forgetEmptied(services, request, shards)
  return { confirmed: [...confirmed], stops: stops.flat(), standing: 'active' }
}

const commitSeen = (services: EngineServices, request: RenewRequest) =>
  commitWorkerEvent(services, request.worker, {
    type: 'seen',
    at: services.clock.now(),
    leaseMs: services.leaseMs,
  })

interface ShardRef {
  readonly batch: BatchId
  readonly shard: ShardId
}

function parseShard(text: string): ShardRef {
  const [batch = '', shard = ''] = text.split('/')
  return { batch: batchId(batch), shard: shardId(Number(shard)) }
}

/** Those that this lane hosts: another lane's are another instance's to answer for. */
async function ownShards(
  { services, records }: RenewalSurroundings,
  refs: readonly ShardRef[],
): Promise<HostedShard[]> {
  const distinct = new Map(refs.map((ref) => [`${ref.batch}/${ref.shard}`, records.shard(ref.batch, ref.shard)]))
  const shards = [...distinct.values()]
  await records.load(shards.map((shard) => shard.host))
  return shards.filter((shard) => (shard.host.record?.lane ?? services.lane) === services.lane)
}

async function reportHoldings(
  { scheduleTurn }: RenewalSurroundings,
  shard: HostedShard,
  request: RenewRequest,
): Promise<AttemptRef[]> {
  const held = request.held.filter((ref) => isOf(shard, ref))
  const record = shard.host.record
  if (record === undefined) return held
  const unconfirmed = request.unconfirmed.filter((ref) => isOf(shard, ref))
  const reported = shard.host.deliver({
    type: 'holdingsReported',
    worker: request.worker,
    highest: request.highest,
    ...(request.open !== undefined && { open: request.open }),
    held: [...held, ...unconfirmed].map((ref): [number, number] => [ref.job, ref.attempt]),
  })
  scheduleTurn()
  const reply = (await reported)?.reply
  const stops = reply?.kind === 'held' ? reply.stops : []
  return held.filter((ref) => stops.some((stop) => stop.job === ref.job && stop.attempt === ref.attempt))
}

const isOf = (shard: HostedShard, ref: ShardRef): boolean => shard.model.isOf(ref.batch, ref.shard)

/** Shards in which the worker holds nothing any more need not be told when it is lost. */
async function forgetEmptied(
  services: EngineServices,
  request: RenewRequest,
  shards: readonly HostedShard[],
): Promise<void> {
  const emptied = shards.flatMap(({ host }) => {
    const { record } = host
    if (record === undefined) return []
    const holds = Object.values(record.leases).some((lease) => lease.worker === request.worker)
    return holds || record.readyPools.length > 0 ? [] : [`${record.batch}/${record.shard}`]
  })
  if (emptied.length > 0) await commitWorkerEvent(services, request.worker, { type: 'emptied', shards: emptied })
}
