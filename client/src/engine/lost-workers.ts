import { type BatchId, batchId, type Cause, type ShardId, shardId, type WorkerRecord } from '../model/index.ts'
import { commitWorkerEvent } from './commit-record.ts'
import type { FleetServices } from './fleet-services.ts'
import { type Outgoing, publishAll, toShard } from './outgoing.ts'
import { paths } from './paths.ts'
import { awaitNoLonger } from './pool-record.ts'
import { readLiveWorkers } from './read-live-workers.ts'
import { decodeShard } from './records.ts'

/** Google tells of a preemption when it begins: the machine may go on for so long, ends its jobs and stores checkpoints. */
const noticeMs = 30_000

/** A silent worker whose machine will not go is declared lost this long after its last renewal ran out. */
const patienceMs = 12 * 60_000

/**
 * Silence alone kills nobody: a silent worker is lost when the fleet says that its machine is gone, or when a new agent
 * has started there, which ends what it finds; else the machine is deleted first, and only after a long while is a
 * worker lost whose machine will not go.
 */
export async function findSilent(
  services: FleetServices,
  workers: readonly WorkerRecord[],
  machines: ReadonlySet<string>,
): Promise<void> {
  const now = services.clock.now()
  for (const worker of workers) {
    if (worker.state !== 'active' || worker.renewedUntil >= now) continue
    const machine = services.fleet.machineOf(worker.id)
    const isGone = !machines.has(machine) || workers.some((other) => hasFollowed(services, other, worker))
    // One in a zone that does not answer cannot be deleted: it waits for the patience to end.
    if (!isGone && services.fleet.hides?.(machine) !== true) await services.fleet.remove(machine)
    if (isGone || now - worker.renewedUntil >= patienceMs) await declareLost(services, worker, 'infrastructure')
  }
}

const hasFollowed = ({ fleet }: FleetServices, later: WorkerRecord, earlier: WorkerRecord): boolean =>
  later.state === 'active' &&
  later.registeredAt > earlier.registeredAt &&
  fleet.machineOf(later.id) === fleet.machineOf(earlier.id)

/**
 * The fleet says that a machine is gone: its workers are lost now, without waiting for silence, and where it had none
 * yet, another machine may take its place.
 */
export async function machineGone(
  services: FleetServices,
  machine: string,
  cause: Extract<Cause, 'preempted' | 'infrastructure'>,
): Promise<void> {
  await awaitNoLonger(services.store, machine)
  const workers = await readLiveWorkers(services.store)
  for (const worker of workers)
    if (services.fleet.machineOf(worker.id) === machine) await declareLost(services, worker, cause)
}

/** `lost` is a commit, so a grant that is under way fails on the record's revision and cannot land afterwards. */
async function declareLost(
  services: FleetServices,
  worker: WorkerRecord,
  cause: Extract<Cause, 'preempted' | 'infrastructure'>,
): Promise<void> {
  const lost = await commitWorkerEvent(services, worker.id, { type: 'fellSilent' })
  if (lost !== undefined && lost.state !== 'gone') await takeBack(services, lost, cause)
}

/** Tells every shard that may hold a lease of the worker, again with each sweep until none is left. */
export async function takeBack(
  services: FleetServices,
  worker: WorkerRecord,
  cause: Extract<Cause, 'preempted' | 'infrastructure'>,
): Promise<void> {
  const refs = worker.shards.map(parseShard)
  const found = await services.store.read(refs.map(({ batch, shard }) => paths.shard(batch, shard)))
  const outgoing: Outgoing[] = []
  for (const document of found) {
    if (document === undefined) continue
    const record = decodeShard(document.document)
    const isHeld = Object.values(record.leases).some((lease) => lease.worker === worker.id)
    const lingers = cause === 'preempted' ? { lingersMs: noticeMs } : {}
    const event = { type: 'workerLost', worker: worker.id, cause, ...lingers } as const
    if (isHeld) outgoing.push(toShard(record.batch, record.shard, record.lanes, [event]))
  }
  if (outgoing.length === 0) await commitWorkerEvent(services, worker.id, { type: 'cleared' })
  else await publishAll(services.bus, outgoing)
}

function parseShard(text: string): { batch: BatchId; shard: ShardId } {
  const [batch = '', shard = ''] = text.split('/')
  return { batch: batchId(batch), shard: shardId(Number(shard)) }
}
