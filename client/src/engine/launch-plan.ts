import {
  type MachineShape,
  needsWholeMachine,
  type PoolId,
  type ShardRecord,
  type WorkerRecord,
} from '../model/index.ts'
import type { FleetServices } from './fleet-services.ts'
import type { LaunchIntent, PoolRecord } from './pool-record.ts'
import type { Machine } from './ports.ts'

/** A machine that has not registered a worker after this long never will. */
export const bootLimitMs = 5 * 60_000
/** An intent whose machines the fleet does not list yet still counts for this long. */
const intentLimitMs = 2 * 60_000
const intentsKeptMs = 10 * 60_000

export interface PoolSight {
  readonly pool: PoolId
  readonly window: number
  readonly at: number
  readonly ready: readonly ShardRecord[]
  readonly machines: readonly Machine[]
  readonly workers: readonly WorkerRecord[]
  readonly machineOf: (worker: WorkerRecord) => string
  readonly record: PoolRecord
  /** One-core jobs, of which a machine runs so many at a time. */
  readonly jobsPerMachine: number
  readonly maxMachines: number
  readonly region: string
}

export interface LaunchPlan {
  /** To be launched now; absent if there is enough. */
  readonly intent: LaunchIntent | undefined
  /** Earlier intents of this window whose machines nobody has seen: their launch may have failed half-way. */
  readonly repeated: readonly LaunchIntent[]
  /** What the pool record should say from now on. A machine that was seen once is awaited no longer, whatever became of it. */
  readonly intents: readonly LaunchIntent[]
  /** Machines that never came up. */
  readonly remove: readonly string[]
  /** There is work or something boots: look again. */
  readonly mustLookAgain: boolean
}

/** A machine that is made to a job's measure, or is its alone, runs one job at a time. */
export function jobsPerMachineOf(
  shape: MachineShape,
  {
    coresPerMachine,
    maxJobsPerWorker = Number.POSITIVE_INFINITY,
  }: Pick<FleetServices, 'coresPerMachine' | 'maxJobsPerWorker'>,
): number {
  const jobs = shape.size !== undefined || needsWholeMachine(shape) ? 1 : coresPerMachine
  return Math.min(jobs, maxJobsPerWorker)
}

/** What a tick should do, as data: desired machines minus live and booting ones, within the cap. Pure. */
export function planLaunch(sight: PoolSight): LaunchPlan {
  const readyJobs = sight.ready.reduce((sum, { counts }) => sum + counts.ready, 0)
  const inFlight = sight.ready.reduce((sum, { counts }) => sum + counts.creating + counts.running, 0)
  const registered = new Set(sight.workers.map((worker) => sight.machineOf(worker)))
  const useful = new Set(
    sight.workers.filter((worker) => worker.state === 'active').map((worker) => sight.machineOf(worker)),
  )
  const dead = sight.machines.filter(
    (machine) => !registered.has(machine.name) && sight.at - machine.createdAt > bootLimitMs,
  )
  const remove = dead.map((machine) => machine.name)
  const awaited = awaitedIntents(sight, registered)
  const booting = bootingNames(sight, awaited, registered, remove)
  const live = sight.machines.filter((machine) => useful.has(machine.name)).length
  const desired = Math.min(Math.ceil((readyJobs + inFlight) / sight.jobsPerMachine), sight.maxMachines)
  const missing = readyJobs === 0 ? 0 : desired - live - booting.size
  const intent = missing > 0 ? intentFor(sight, missing) : undefined
  return {
    intent,
    repeated: awaited.filter(({ window, names }) => window === sight.window && names.length > 0),
    intents: intent === undefined ? awaited : [...awaited, intent],
    remove,
    mustLookAgain: readyJobs > 0 || booting.size > 0 || missing > 0,
  }
}

/** A machine that is neither listed nor registered any more, but once was, has gone: it is not about to come. */
function awaitedIntents(sight: PoolSight, registered: ReadonlySet<string>): LaunchIntent[] {
  const seen = new Set([...registered, ...sight.machines.map((machine) => machine.name)])
  return sight.record.intents
    .filter((intent) => sight.at - intent.at < intentsKeptMs)
    .map((intent) => ({ ...intent, names: intent.names.filter((name) => !seen.has(name)) }))
}

function bootingNames(
  sight: PoolSight,
  awaited: readonly LaunchIntent[],
  registered: ReadonlySet<string>,
  removed: readonly string[],
): Set<string> {
  const listed = sight.machines
    .filter((machine) => !registered.has(machine.name) && machine.state !== 'stopping')
    .map((machine) => machine.name)
  const intended = awaited.filter((intent) => sight.at - intent.at < intentLimitMs).flatMap((intent) => intent.names)
  return new Set([...listed, ...intended].filter((name) => !removed.includes(name)))
}

/** Names and request id follow from the pool and the window: a repeated call makes no second machine. */
function intentFor(sight: PoolSight, count: number): LaunchIntent {
  const { pool, window, region, at } = sight
  const earlier = sight.record.intents.filter((intent) => intent.window === window).length
  const stem = `graupel-${pool}-${window.toString(36)}-${earlier}`
  const names = Array.from({ length: count }, (_, index) => `${stem}-${index}`)
  return { window, requestId: stem, region, names, at }
}
