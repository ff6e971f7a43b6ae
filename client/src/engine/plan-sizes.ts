import type { Resources } from '../model/index.ts'
import type { BatchDemand } from './batch-caps.ts'
import { isClosed } from './breakers.ts'
import { type LaunchPlan, type PoolSight, planLaunch } from './launch-plan.ts'
import type { MachineOffer } from './ports.ts'

/**
 * The plan of a tick where a pool's machines come in several sizes: the best one that holds every job, a smaller one
 * where a quota or a cap leaves no room for it. A job that does not fit the smaller one waits. Pure.
 */
export function planSizes(sight: PoolSight): LaunchPlan {
  const [first, ...others] = inSizes(sight)
  let plan = planLaunch(first ?? sight)
  const { waiting, held } = plan
  for (const other of others) {
    if (!isHindered(plan) || isFull(sight)) break
    if (!isOpen(other)) continue
    const next = planLaunch(other)
    if (!isHindered(next)) plan = { ...next, held, ...(next.intent === undefined && { waiting }) }
  }
  return { ...plan, mustLookAgain: plan.mustLookAgain || countGroups(sight) > 0 }
}

/** There are too few machines, and none can be asked for. */
const isHindered = ({ intent, waiting }: LaunchPlan): boolean =>
  intent === undefined && waiting !== undefined && waiting.cause !== 'boot'

/** Smaller machines are as many machines. */
const isFull = ({ machines, pool, limits }: PoolSight): boolean =>
  machines.length >= (limits.deployment.machines ?? Number.POSITIVE_INFINITY) ||
  machines.filter((machine) => machine.pool === pool).length >= (limits.pool.machines ?? Number.POSITIVE_INFINITY)

const isOpen = ({ offers, fallback, record, at }: PoolSight): boolean =>
  [...offers, ...fallback].some((offer) => isClosed(record.breakers, offer, at))

/** The pool as it looks with the machines of each size, and the jobs that these hold; the best size first. */
function inSizes(sight: PoolSight): PoolSight[] {
  const all = [...sight.offers, ...sight.fallback]
  const tiers = [...new Set(all.map(tierOf))].sort((left, right) => left - right)
  if (tiers.length < 2) return []
  const largest = all.reduce((most, { capacity }) => larger(most, capacity), all[0]?.capacity ?? nothing)
  const sights = tiers.map((tier) => {
    const isOfTier = (offer: MachineOffer) => tierOf(offer) === tier
    const offers = sight.offers.filter(isOfTier)
    const fallback = sight.fallback.filter(isOfTier)
    const size = [...offers, ...fallback][0]?.capacity ?? nothing
    const demand = sight.demand.map((batch) => withThose(batch, (need) => holds(size, clip(need, largest))))
    return { ...sight, offers, fallback, demand }
  })
  const isWhole = (one: PoolSight) => countGroups(one) === countGroups(sight)
  return [...sights.filter(isWhole), ...sights.filter((one) => !isWhole(one))]
}

const withThose = (batch: BatchDemand, fits: (need: Resources) => boolean): BatchDemand => ({
  ...batch,
  groups: batch.groups.filter(({ need }) => fits(need)),
})

const countGroups = ({ demand }: Pick<PoolSight, 'demand'>): number =>
  demand.reduce((sum, { groups }) => sum + groups.filter(({ count }) => count > 0).length, 0)

const tierOf = ({ tier = 0 }: MachineOffer): number => tier

const nothing: Resources = { cpuMillis: 0, memoryBytes: 0, storageBytes: 0 }

const larger = (left: Resources, right: Resources): Resources => (right.cpuMillis > left.cpuMillis ? right : left)

/** A job that is larger than every machine takes the largest. */
const clip = (need: Resources, most: Resources): Resources => ({
  cpuMillis: Math.min(need.cpuMillis, most.cpuMillis),
  memoryBytes: Math.min(need.memoryBytes, most.memoryBytes),
  storageBytes: Math.min(need.storageBytes, most.storageBytes),
})

const holds = (size: Resources, need: Resources): boolean =>
  need.cpuMillis <= size.cpuMillis && need.memoryBytes <= size.memoryBytes && need.storageBytes <= size.storageBytes

/** What machines that boot will have; `undefined` for those that are of none of the offered sizes. */
export function bootingSizes({
  machines,
  record,
  offers,
  fallback,
}: Pick<PoolSight, 'machines' | 'record' | 'offers' | 'fallback'>) {
  const all = [...offers, ...fallback]
  const cores = new Map(machines.map(({ name, cpuMillis }) => [name, cpuMillis]))
  const intents = new Map(record.intents.flatMap(({ names, tier = 0 }) => names.map((name) => [name, tier] as const)))
  return (name: string): Resources | undefined =>
    (
      all.find(({ capacity }) => capacity.cpuMillis === cores.get(name)) ??
      all.find((offer) => tierOf(offer) === intents.get(name))
    )?.capacity
}
