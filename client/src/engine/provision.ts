import type { MachineShape, PoolId, ShardRecord } from '../model/index.ts'
import type { FleetServices } from './fleet-services.ts'
import { noteOutcome, requestOf } from './launch-outcome.ts'
import type { LaunchPlan } from './launch-plan.ts'
import { lookAtPool, type PoolLook } from './look-at-pool.ts'
import { publishAll, toShard } from './outgoing.ts'
import { planSizes } from './plan-sizes.ts'
import { changePool, type LaunchIntent, type PoolRecord, poolWrite, readPool } from './pool-record.ts'
import type { LaunchResult, Task } from './ports.ts'
import { readReservations, reservationWrite, shrinkReservation } from './reservations.ts'
import { type ProvisionBody, provisionBodySchema, provisionTask, provisionWindowMs } from './task-names.ts'

type Pool = Pick<ProvisionBody, 'pool' | 'shape'>

const longestBackOffMs = 60_000
/** The cloud's list of machines comes in pages, of which it answers only so many a minute. */
const lookMsPerMachine = 3

/**
 * One tick of a pool: sees what is ready and what became of earlier launches, plans, commits the intent, launches, and
 * makes sure that someone looks again while there is work or something boots.
 */
export async function provision(services: FleetServices, task: Task): Promise<void> {
  const { pool, shape, window } = provisionBodySchema.parse(task.body)
  if (await looksTooOften(services, { pool, shape })) return
  const look = await follow(services, await lookAtPool(services, { pool, shape }))
  await publishAll(services.bus, look.pauses)
  const plan = planSizes({ ...look, window })
  await commit(services, look, nextRecord(look, plan), plan)
  for (const name of plan.remove) await services.fleet.remove(name)
  if (plan.mustLookAgain) await scheduleNext(services, look, quietTicks(look.record, plan))
  for (const intent of plan.repeated) await launch(services, look, intent)
  if (plan.intent !== undefined) await launch(services, look, plan.intent)
  if (look.offers.length === 0 && look.fallback.length === 0) await failPool(services, look, noSuchMachine(shape))
}

function noSuchMachine({ size, accelerator, machineType, storageGb }: MachineShape): string {
  const parts = [
    machineType,
    size && `${size.cores} cores and ${size.memoryGiB} GiB for a job`,
    accelerator && `${accelerator.count} × ${accelerator.type}`,
    storageGb === undefined ? undefined : `${storageGb} GB of disk`,
  ].filter((part) => part !== undefined)
  return `there is no such machine: ${parts.join(', ')}`
}

/** A large fleet is not listed again with every window. */
async function looksTooOften(services: FleetServices, { pool, shape }: Pool): Promise<boolean> {
  const { lookedAt, machines = 0 } = (await readPool(services.store, pool))?.record ?? {}
  if (lookedAt === undefined || lookedAt + machines * lookMsPerMachine <= services.clock.now()) return false
  await services.tasks.enqueue(provisionTask(pool, shape, lookedAt + machines * lookMsPerMachine))
  return true
}

/** Launches that went on in the cloud are asked after, once a tick: nobody waits for them. */
async function follow(services: FleetServices, look: PoolLook): Promise<PoolLook> {
  let { record } = look
  for (const intent of record.intents) {
    if (intent.operation === undefined) continue
    const result = await services.fleet.follow(requestOf(look, intent), intent.operation)
    tell(services, look.pool, result)
    record = noteOutcome(record, intent, result, look.at)
    await releaseRoom(services, intent, result)
    if (result.kind === 'impossible') await failPool(services, look, result.message)
  }
  if (record === look.record) return look
  const storedReservations = await readReservations(services.store)
  return { ...look, record, storedReservations, reservations: storedReservations?.record.reservations ?? [] }
}

const quietTicks = ({ quietTicks: before }: PoolRecord, { intent, remove }: LaunchPlan): number =>
  intent === undefined && remove.length === 0 ? Math.min(before + 1, 10) : 0

function nextRecord(look: PoolLook, plan: LaunchPlan): PoolRecord {
  const { waiting: _, held: __, ...rest } = look.record
  return {
    ...rest,
    intents: [...plan.intents],
    quietTicks: quietTicks(look.record, plan),
    lookedAt: look.at,
    machines: look.machines.length,
    ...(plan.waiting !== undefined && { waiting: plan.waiting }),
    ...(Object.keys(plan.held).length > 0 && { held: { ...plan.held } }),
  }
}

/** With the room that the launch takes from all others: whoever looked at the same time and was slower looks again. */
async function commit({ store }: FleetServices, look: PoolLook, record: PoolRecord, plan: LaunchPlan): Promise<void> {
  const { reservation, reservations } = plan
  const writes = [poolWrite(record, look.stored)]
  if (reservation !== undefined || reservations !== look.reservations)
    writes.push(reservationWrite(look.storedReservations, reservations, reservation, look.at))
  await store.commit(writes)
}

/** The chain of ticks ends only at one that sees no work and nothing booting: capacity that was counted may vanish. */
async function scheduleNext(services: FleetServices, { pool, shape }: Pool, quiet: number): Promise<void> {
  const delayMs = Math.min(provisionWindowMs * 2 ** Math.floor(quiet / 3), longestBackOffMs)
  await services.tasks.enqueue(provisionTask(pool, shape, services.clock.now() + delayMs))
}

async function launch(services: FleetServices, look: PoolLook, intent: LaunchIntent): Promise<void> {
  const result = await services.fleet.launch(requestOf(look, intent))
  tell(services, look.pool, result)
  const at = services.clock.now()
  await changePool(services.store, look.pool, (record) => noteOutcome(record, intent, result, at))
  await releaseRoom(services, intent, result)
  if (result.kind === 'impossible') await failPool(services, look, result.message)
}

/** What did not come, others may have. */
async function releaseRoom({ store }: FleetServices, { requestId }: LaunchIntent, result: LaunchResult): Promise<void> {
  if (result.kind === 'underWay') return
  const came = result.kind === 'launched' ? result.names.length : 0
  await shrinkReservation(store, requestId, (machines) => Math.min(machines, came))
}

function tell({ log }: FleetServices, pool: PoolId, result: LaunchResult): void {
  if (result.kind === 'launched') log.info({ pool, machines: result.names }, 'launched machines')
  const refusal = result.kind === 'refused' ? result : result.kind === 'launched' ? result.refusal : undefined
  if (refusal === undefined) return
  log.warn({ pool, cause: refusal.cause, message: refusal.message }, 'machines were refused')
}

async function failPool({ bus }: FleetServices, { pool, ready }: PoolLook, reason: string): Promise<void> {
  const event = { type: 'poolFailed', pool, reason } as const
  const tellShard = ({ batch, shard, lanes }: ShardRecord) => toShard(batch, shard, lanes, [event])
  await publishAll(bus, ready.map(tellShard))
}
