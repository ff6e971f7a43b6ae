import { isDeepStrictEqual } from 'node:util'
import type { FleetServices } from './fleet-services.ts'
import { jobsPerMachineOf, type LaunchPlan, planLaunch } from './launch-plan.ts'
import { publishAll, toShard } from './outgoing.ts'
import { commitPool, newPool, type PoolRecord, readPool } from './pool-record.ts'
import type { Task } from './ports.ts'
import { decodeShard, decodeWorker } from './records.ts'
import { type ProvisionBody, provisionBodySchema, provisionTask, provisionWindowMs } from './task-names.ts'

/** Shards and workers looked at in one tick. */
const maxLookedAt = 1_000
const longestBackOffMs = 60_000

/**
 * One tick of a pool: sees what is ready, plans, commits the intent, launches, and makes sure that someone looks again
 * while there is work or something boots.
 */
export async function provision(services: FleetServices, task: Task): Promise<void> {
  const { pool, shape, window } = provisionBodySchema.parse(task.body)
  const sight = await look(services, { pool, shape, window })
  const plan = planLaunch(sight)
  const record = nextRecord(sight.record, plan)
  if (!isDeepStrictEqual(record, sight.record)) await commitPool(services.store, record, sight.stored)
  for (const name of plan.remove) await services.fleet.remove(name)
  if (plan.mustLookAgain) await scheduleNext(services, sight, record.quietTicks)
  for (const intent of plan.repeated) await launch(services, sight, intent)
  if (plan.intent !== undefined) await launch(services, sight, plan.intent)
}

type Sight = Awaited<ReturnType<typeof look>>

async function look(services: FleetServices, { pool, shape, window }: ProvisionBody) {
  const { store, fleet, clock } = services
  const [stored, ready, workers, machines] = await Promise.all([
    readPool(store, pool),
    store.query({ kind: 'readyShards', lane: 'any', pool, limit: maxLookedAt }),
    store.query({ kind: 'liveWorkers', limit: maxLookedAt }),
    fleet.list(),
  ])
  return {
    stored,
    pool,
    shape,
    window,
    at: clock.now(),
    ready: ready.map((found) => decodeShard(found.document)),
    workers: workers.map((found) => decodeWorker(found.document)).filter((worker) => worker.pool === pool),
    machines: machines.filter((machine) => machine.pool === pool),
    machineOf: (worker: { id: Parameters<typeof fleet.machineOf>[0] }) => fleet.machineOf(worker.id),
    record: stored?.record ?? newPool(pool),
    jobsPerMachine: jobsPerMachineOf(shape, services),
    maxMachines: services.maxMachines,
    region: services.region,
  }
}

function nextRecord(record: PoolRecord, plan: LaunchPlan): PoolRecord {
  const isQuiet = plan.intent === undefined && plan.remove.length === 0
  return { ...record, intents: [...plan.intents], quietTicks: isQuiet ? Math.min(record.quietTicks + 1, 10) : 0 }
}

/** The chain of ticks ends only at one that sees no work and nothing booting: capacity that was counted may vanish. */
async function scheduleNext(
  services: FleetServices,
  { pool, shape }: Pick<Sight, 'pool' | 'shape'>,
  quietTicks: number,
): Promise<void> {
  const delayMs = Math.min(provisionWindowMs * 2 ** Math.floor(quietTicks / 3), longestBackOffMs)
  await services.tasks.enqueue(provisionTask(pool, shape, services.clock.now() + delayMs))
}

async function launch(
  services: FleetServices,
  { pool, ready, shape }: Sight,
  intent: { readonly names: readonly string[]; readonly requestId: string; readonly region: string },
): Promise<void> {
  const result = await services.fleet.launch({ pool, shape, ...intent })
  switch (result.kind) {
    case 'launched':
      services.log.info({ pool, machines: result.names }, 'launched machines')
      return
    case 'refused':
      services.log.warn({ pool, cause: result.cause, message: result.message }, 'machines were refused')
      return
    case 'impossible': {
      const event = { type: 'poolFailed', pool, reason: result.message } as const
      await publishAll(
        services.bus,
        ready.map((record) => toShard(record.batch, record.shard, record.lanes, [event])),
      )
      return
    }
    default:
      return result satisfies never
  }
}
