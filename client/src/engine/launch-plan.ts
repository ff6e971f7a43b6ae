import { type MachineShape, needsWholeMachine, type PoolId, type Resources, type WorkerRecord } from '../model/index.ts'
import { type BatchDemand, withinCap } from './batch-caps.ts'
import { isClosed } from './breakers.ts'
import { addUsage, allow, type Cap, type FleetLimits, type Sized, usageOf } from './fleet-limits.ts'
import { type Group, machinesFor } from './pack-machines.ts'
import type { LaunchIntent, PoolRecord, Waiting } from './pool-record.ts'
import type { Machine, MachineOffer } from './ports.ts'
import { type Reservation, reservedUsage, settleReservations } from './reservations.ts'
import { describeWaiting, type Hindrance } from './waiting.ts'

/** A machine that has not registered a worker after this long never will. */
export const bootLimitMs = 5 * 60_000
/** An intent whose machines the fleet does not list yet still counts for this long. */
const intentLimitMs = 2 * 60_000
const intentsKeptMs = 10 * 60_000
/** The cloud takes more in one request; this is what a pool's record has room for. */
const maxPerLaunch = 1_000

const removalsPerSecond = 12
const fewestRemovals = 50
const mostRemovals = 400

export interface PoolSight {
  /** What names of the deployment's machines begin with. */
  readonly prefix: string
  readonly pool: PoolId
  readonly window: number
  readonly at: number
  /** Of ready jobs, batch by batch. */
  readonly demand: readonly BatchDemand[]
  /** Of all pools. */
  readonly machines: readonly Machine[]
  readonly workers: readonly WorkerRecord[]
  readonly machineOf: (worker: WorkerRecord) => string
  /** What a machine that boots will have for jobs; `undefined`: as much as the one that is asked for now. */
  readonly sizeOf: (machine: string) => Resources | undefined
  readonly record: PoolRecord
  readonly reservations: readonly Reservation[]
  /** The best first. */
  readonly offers: readonly MachineOffer[]
  /** Taken when there is no Spot machine for long; none if that is not wanted. */
  readonly fallback: readonly MachineOffer[]
  readonly onDemandAfterMs: number
  readonly shape: MachineShape
  /** Jobs that a machine runs at a time, whatever their size. */
  readonly maxJobsPerWorker: number
  readonly limits: FleetLimits
}

export interface LaunchPlan {
  /** To be launched now; absent if there is enough, or nothing to be had. */
  readonly intent: LaunchIntent | undefined
  /** The intent's machines, for the deployment's account. */
  readonly reservation: Reservation | undefined
  /** Those there are, less what has come and gone; the very list that was given, if nothing has. */
  readonly reservations: readonly Reservation[]
  /** Earlier intents of this window whose machines nobody has seen: their launch may have failed half-way. */
  readonly repeated: readonly LaunchIntent[]
  /** What the pool record should say from now on. A machine that was seen once is awaited no longer, whatever became of it. */
  readonly intents: readonly LaunchIntent[]
  /** Machines that never came up, or have switched themselves off. */
  readonly remove: readonly string[]
  readonly waiting: Waiting | undefined
  /** Batches for which no more machines may be made, by their ids. */
  readonly held: Readonly<Record<string, Waiting>>
  /** There is work or something boots: look again. */
  readonly mustLookAgain: boolean
}

/** What a tick should do, as data: machines for the ready work, beside live and booting ones, within the caps. Pure. */
export function planLaunch(given: PoolSight): LaunchPlan {
  const there = whatIsThere(given)
  const reservations = settled(given, there.awaited)
  const sight = { ...given, reservations }
  const hasWork = sight.demand.some(({ groups }) => groups.some(({ count }) => count > 0))
  const choice = chooseOffers(sight)
  const size = (choice.offers[0] ?? sight.offers[0])?.capacity
  const { groups, held } = capBatches(sight, choice.offers, size)
  const room =
    size === undefined ? [] : [...there.freeRoom(size), ...[...there.booting].map((name) => sight.sizeOf(name) ?? size)]
  const missing = size === undefined ? 0 : machinesFor(takenBy(groups, takenOn(size, sight)), room, size)
  const allowed = choice.offers[0] === undefined ? { count: 0 } : allowedBy(sight, dearest(choice.offers), missing)
  const intent = allowed.count > 0 ? intentFor(sight, choice.offers, allowed.count) : undefined
  const hindrance = allowed.limit ?? (missing > 0 && intent === undefined ? choice.hindrance : undefined)
  const awaited = there.awaited
  return {
    intent,
    reservations,
    reservation: intent && reservationFor(sight, intent, choice.offers),
    repeated: awaited.filter(
      ({ window, names, operation }) => window === sight.window && names.length > 0 && operation === undefined,
    ),
    intents: intent === undefined ? awaited : [...awaited, intent],
    remove: there.remove.slice(0, removalsNow(sight)),
    waiting: waitingFor(sight, hindrance, {
      hasWork: groups.length > 0,
      boots: intent !== undefined || there.booting.size > 0,
    }),
    held,
    mustLookAgain: hasWork || there.booting.size > 0 || there.remove.length > 0,
  }
}

/** Where workers have room enough, a job waits for none of these: one of them is about to ask for it. */
function waitingFor(
  { record, at }: PoolSight,
  hindrance: Hindrance | undefined,
  { hasWork, boots }: { readonly hasWork: boolean; readonly boots: boolean },
): Waiting | undefined {
  const told = hindrance ?? (boots ? { cause: 'boot' as const } : undefined)
  return hasWork && told !== undefined ? describeWaiting(told, record.waiting, at) : undefined
}

/** What of all the demand no batch's own cap keeps back, and the batches that are kept back altogether. */
function capBatches(sight: PoolSight, offers: readonly MachineOffer[], size: Resources | undefined) {
  const { demand, limits, record, at } = sight
  const held: Record<string, Waiting> = {}
  if (size === undefined) return { groups: demand.flatMap((one) => one.groups), held }
  const { dollarsPerHour } = dearest(offers.length > 0 ? offers : sight.offers)
  const groups: Group[] = []
  for (const one of demand) {
    const { groups: kept, stoppedBy } = withinCap(one, limits.batch, {
      size,
      dollarsPerHour,
      takenBy: takenOn(size, sight),
    })
    groups.push(...kept)
    if (stoppedBy === undefined) continue
    const isTooLow = one.used.machines === 0
    const hindrance = {
      cause: 'limit',
      level: 'batch',
      of: stoppedBy,
      cap: limits.batch[stoppedBy] ?? 0,
      isTooLow,
    } as const
    held[one.batch] = describeWaiting(hindrance, record.held?.[one.batch], at)
  }
  return { groups: groups.filter(({ count }) => count > 0), held }
}

const takenBy = (groups: readonly Group[], taken: (need: Resources) => Resources): Group[] =>
  groups.map(({ need, count }) => ({ need: taken(need), count }))

function settled(
  { pool, machines, reservations }: PoolSight,
  intents: readonly LaunchIntent[],
): readonly Reservation[] {
  const awaited = intents.flatMap(({ names }) => names)
  const after = settleReservations(reservations, { id: pool, machines, awaited })
  return after.every((one, place) => one === reservations[place]) ? reservations : after
}

/** The cloud takes 25 removals a second; sweeps remove machines too. */
function removalsNow({ at, record }: PoolSight): number {
  const sinceMs = at - (record.lookedAt ?? at)
  return Math.min(Math.max(Math.floor((sinceMs / 1000) * removalsPerSecond), fewestRemovals), mostRemovals)
}

function whatIsThere(sight: PoolSight) {
  const own = sight.machines.filter((machine) => machine.pool === sight.pool)
  const registered = new Set(sight.workers.map((worker) => sight.machineOf(worker)))
  const remove = own.filter((machine) => isDead(machine, registered, sight.at)).map(({ name }) => name)
  const awaited = awaitedIntents(sight, own, registered)
  const booting = bootingNames({ sight, own, awaited, registered, removed: new Set(remove) })
  const on = new Set(own.filter(({ state }) => state === 'running' || state === 'booting').map(({ name }) => name))
  const useful = sight.workers.filter((worker) => worker.state === 'active' && on.has(sight.machineOf(worker)))
  const freeRoom = (size: Resources) => useful.flatMap((worker) => roomOf(worker, size, sight))
  return { remove, awaited, booting, freeRoom }
}

/** A job that shares its machine with few others, or with nobody, needs as much more of it. */
function takenOn(size: Resources, { shape, maxJobsPerWorker }: PoolSight): (need: Resources) => Resources {
  const jobs = needsWholeMachine(shape) ? 1 : maxJobsPerWorker
  const least = Math.ceil(size.cpuMillis / jobs)
  return (need) => ({ ...need, cpuMillis: Math.max(need.cpuMillis, least) })
}

/** One that has been given nothing yet is empty. Where the number of jobs counts, its free cores do not tell. */
function roomOf({ free }: WorkerRecord, size: Resources, { maxJobsPerWorker }: PoolSight): Resources[] {
  if (free === undefined) return [size]
  return Number.isFinite(maxJobsPerWorker) ? [] : [free]
}

function isDead({ name, state, createdAt }: Machine, registered: ReadonlySet<string>, at: number): boolean {
  if (registered.has(name) || state === 'stopping') return false
  return state === 'off' || at - createdAt > bootLimitMs
}

/** A machine that is neither listed nor registered any more, but once was, has gone: it is not about to come. */
function awaitedIntents(sight: PoolSight, own: readonly Machine[], registered: ReadonlySet<string>): LaunchIntent[] {
  const seen = new Set([...registered, ...own.map((machine) => machine.name)])
  return sight.record.intents
    .filter((intent) => sight.at - intent.at < intentsKeptMs)
    .map((intent) => ({ ...intent, names: intent.names.filter((name) => !seen.has(name)) }))
}

interface Boot {
  readonly sight: PoolSight
  readonly own: readonly Machine[]
  readonly awaited: readonly LaunchIntent[]
  readonly registered: ReadonlySet<string>
  readonly removed: ReadonlySet<string>
}

function bootingNames({ sight, own, awaited, registered, removed }: Boot): Set<string> {
  const listed = own
    .filter(({ name, state }) => !registered.has(name) && (state === 'booting' || state === 'running'))
    .map((machine) => machine.name)
  const intended = awaited.filter((intent) => sight.at - intent.at < intentLimitMs).flatMap((intent) => intent.names)
  return new Set([...listed, ...intended].filter((name) => !removed.has(name)))
}

/** All families of the first region that is not out of them; Spot ones unless they have been missing for long. */
function chooseOffers(sight: PoolSight): { offers: readonly MachineOffer[]; hindrance?: Hindrance } {
  const { at, record } = sight
  const open = sight.offers.filter((offer) => isClosed(record.breakers, offer, at))
  const since = record.spotRefusedSince
  const isDesperate = open.length === 0 && since !== undefined && at - since >= sight.onDemandAfterMs
  const usable = isDesperate ? sight.fallback.filter((offer) => isClosed(record.breakers, offer, at)) : open
  const [best] = usable
  const offers = usable.filter((offer) => offer.region === best?.region)
  return offers.length > 0 ? { offers } : { offers, hindrance: { cause: 'refused', breakers: record.breakers } }
}

function allowedBy(sight: PoolSight, one: Sized, missing: number): { count: number; limit?: Hindrance } {
  const { limits, machines, reservations, at, pool } = sight
  const levels: ['pool' | 'deployment', Cap, (of: { pool: PoolId }) => boolean][] = [
    ['pool', limits.pool, (of) => of.pool === pool],
    ['deployment', limits.deployment, () => true],
  ]
  let count = missing
  let limit: Hindrance | undefined
  for (const [level, cap, isOfLevel] of levels) {
    const own = machines.filter(isOfLevel)
    const used = addUsage(usageOf(own), reservedUsage(reservations.filter(isOfLevel), own, at))
    const { count: allowed, stoppedBy } = allow(cap, used, one, count)
    if (stoppedBy !== undefined) {
      const isTooLow = used.machines === 0 && allowed === 0
      limit = { cause: 'limit', level, of: stoppedBy, cap: cap[stoppedBy] ?? 0, isTooLow }
    }
    count = allowed
  }
  return { count: Math.min(count, maxPerLaunch), ...(limit !== undefined && { limit }) }
}

/**
 * Names and request id follow from the deployment, the pool and the window: a repeated call makes no second machine, and
 * two deployments in one project never mean the same one.
 */
function intentFor(sight: PoolSight, offers: readonly MachineOffer[], count: number): LaunchIntent {
  const { prefix, pool, window, at } = sight
  const earlier = sight.record.intents.filter((intent) => intent.window === window).length
  const stem = `${prefix}-${pool}-${window.toString(36)}-${earlier}`
  return {
    window,
    requestId: stem,
    region: offers[0]?.region ?? '',
    isSpot: offers[0]?.isSpot ?? false,
    machineTypes: offers.map(({ machineType }) => machineType),
    ...(offers[0]?.tier !== undefined && { tier: offers[0].tier }),
    names: Array.from({ length: count }, (_, index) => `${stem}-${index}`),
    at,
  }
}

const reservationFor = (
  { pool, at }: PoolSight,
  intent: LaunchIntent,
  offers: readonly MachineOffer[],
): Reservation => ({ pool, stem: intent.requestId, machines: intent.names.length, ...dearest(offers), at })

/** Which of the offers comes is the cloud's choice, so all count as if they were of the dearest kind. */
const dearest = (offers: readonly MachineOffer[]): Sized => ({
  cpuMillis: Math.max(...offers.map(({ capacity }) => capacity.cpuMillis)),
  dollarsPerHour: Math.max(...offers.map(({ dollarsPerHour }) => dollarsPerHour)),
})
