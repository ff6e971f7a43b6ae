import type { MachineShape, PoolId, ShardRecord, WorkerRecord } from '../model/index.ts'
import type { FleetServices } from './fleet-services.ts'
import { hiddenMachines } from './hidden-machines.ts'
import type { PoolSight } from './launch-plan.ts'
import { NeedsCache } from './needs-cache.ts'
import type { Outgoing } from './outgoing.ts'
import { bootingSizes } from './plan-sizes.ts'
import { newPool, type PoolRecord, readPool } from './pool-record.ts'
import { readDemand } from './read-demand.ts'
import { readLiveWorkers } from './read-live-workers.ts'
import { decodeShard, type Stored } from './records.ts'
import { type Reservations, readReservations } from './reservations.ts'

/** Shards looked at in one tick. */
const maxLookedAt = 1_000

/** All that a tick sees of a pool, and what it needs to write it down. */
export interface PoolLook extends Omit<PoolSight, 'window'> {
  readonly ready: readonly ShardRecord[]
  /** Of batches that have cost too much. */
  readonly pauses: readonly Outgoing[]
  readonly stored: Stored<PoolRecord> | undefined
  readonly storedReservations: Stored<Reservations> | undefined
}

/** The records first, so that a commit fails on whatever changed after them. */
export async function lookAtPool(
  services: FleetServices,
  { pool, shape }: { readonly pool: PoolId; readonly shape: MachineShape },
): Promise<PoolLook> {
  const { store, fleet, clock, limits, needs = new NeedsCache() } = services
  const [stored, storedReservations] = await Promise.all([readPool(store, pool), readReservations(store)])
  const [found, workers, listed] = await Promise.all([
    store.query({ kind: 'readyShards', lane: 'any', pool, limit: maxLookedAt }),
    readLiveWorkers(store),
    fleet.list(),
  ])
  const ready = found.map(({ document }) => decodeShard(document))
  const { demand, pauses } = await readDemand(store, needs, { pool, ready, limits, now: clock.now() })
  const choice = await offersFor(services, shape)
  const [offer] = choice.offers
  const size = offer && { cpuMillis: offer.capacity.cpuMillis, dollarsPerHour: offer.dollarsPerHour }
  const machines = [...listed, ...hiddenMachines(fleet, workers, listed, size)]
  const look = {
    stored,
    storedReservations,
    prefix: services.prefix ?? 'graupel',
    pool,
    at: clock.now(),
    ready,
    demand,
    pauses,
    workers: workers.filter((worker) => worker.pool === pool),
    machines,
    machineOf: (worker: WorkerRecord) => fleet.machineOf(worker.id),
    record: stored?.record ?? newPool(pool),
    reservations: storedReservations?.record.reservations ?? [],
    ...choice,
    shape,
    maxJobsPerWorker: services.maxJobsPerWorker ?? Number.POSITIVE_INFINITY,
    limits,
  }
  return { ...look, sizeOf: bootingSizes(look) }
}

async function offersFor({ fleet, onDemandAfterMs = Number.POSITIVE_INFINITY }: FleetServices, shape: MachineShape) {
  const hasFallback = shape.isSpot && Number.isFinite(onDemandAfterMs)
  const [offers, fallback] = await Promise.all([
    fleet.offers(shape),
    hasFallback ? fleet.offers({ ...shape, isSpot: false }) : [],
  ])
  return { offers, fallback, onDemandAfterMs }
}
