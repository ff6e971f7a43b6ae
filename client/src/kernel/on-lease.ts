import {
  type JobTemplate,
  memoryBytesOf,
  needsWholeMachine,
  type PoolId,
  poolOf,
  type Resources,
  type ShardEvent,
} from '../model/index.ts'
import { type Draft, setState } from './draft.ts'
import type { Granted, Outcome } from './outcome.ts'
import { runsAlone } from './runs-alone.ts'
import { templateOf } from './shard-plan.ts'

type LeaseRequested = Extract<ShardEvent, { type: 'leaseRequested' }>

/** Gives Ready jobs to a worker, always-run ones first, as many as fit its free cpu, memory and disk. */
export function onLeaseRequested(draft: Draft, event: LeaseRequested): Outcome {
  const earlier = grantsOf(draft, event)
  if (earlier.length > 0) return { kind: 'applied', reply: { kind: 'granted', grants: earlier } }
  const grants = holdsLoner(draft, event) ? [] : giveJobs(draft, event)
  if (grants.length === 0) return { kind: 'ignored', reason: 'nothingFits' }
  return { kind: 'applied', reply: { kind: 'granted', grants } }
}

function giveJobs(draft: Draft, event: LeaseRequested): Granted[] {
  const grants: Granted[] = []
  if (draft.paused !== undefined) return grants
  let free = event.free
  for (const index of candidates(draft, event)) {
    if (grants.length >= event.maxJobs) break
    if (isForLarger(draft, index, event) || !fits(needs(draft, index, event.total), free)) continue
    const isLoner = mustBeAlone(draft, index, event.pool)
    if (isLoner && (!event.isEmpty || grants.length > 0)) continue
    const granted = grant(draft, index, event)
    grants.push(granted)
    free = subtract(free, granted.takes)
    if (isLoner) break
  }
  return grants
}

const mustBeAlone = (draft: Draft, index: number, pool: PoolId | undefined): boolean =>
  runsAlone(templateOf(draft.plan, index), draft.losses.get(index), pool)

const holdsLoner = (draft: Draft, event: LeaseRequested): boolean =>
  [...draft.leases].some(([index, lease]) => lease.worker === event.worker && mustBeAlone(draft, index, event.pool))

/** A request that was granted before a crash or a lost answer gets the same jobs again. */
function grantsOf(draft: Draft, event: LeaseRequested): Granted[] {
  const grants: Granted[] = []
  for (const [index, lease] of draft.leases)
    if (lease.worker === event.worker && lease.request === event.request)
      grants.push(describe(draft, index, lease.attempt, event))
  return grants
}

function describe(draft: Draft, index: number, attempt: number, event: LeaseRequested): Granted {
  const memoryBytes = memoryBytesOf(templateOf(draft.plan, index), draft.losses.get(index))
  const takes = mustBeAlone(draft, index, event.pool) ? event.total : needs(draft, index, event.total)
  return { job: draft.base.firstJob + index, attempt, memoryBytes, takes }
}

/** A worker is rarely empty, so the jobs that need an empty one come before those that fit anywhere. */
function candidates(draft: Draft, event: LeaseRequested): number[] {
  const first: number[] = []
  const loners: number[] = []
  const rest: number[] = []
  for (const [index, state] of draft.states.entries()) {
    if (state !== 'Ready' || (draft.notBefore.get(index) ?? 0) > draft.at) continue
    const template = templateOf(draft.plan, index)
    if (event.pool !== undefined && poolOf(template, draft.losses.get(index)) !== event.pool) continue
    if (template.alwaysRun) first.push(index)
    else if (mustBeAlone(draft, index, event.pool)) loners.push(index)
    else rest.push(index)
  }
  return [...first, ...loners, ...rest]
}

function grant(draft: Draft, index: number, event: LeaseRequested): Granted {
  const attempt = (draft.attempts[index] ?? 0) + 1
  draft.attempts[index] = attempt
  draft.notBefore.delete(index)
  const granted = describe(draft, index, attempt, event)
  const price = shareOf(granted.takes, event)
  const { worker, request } = event
  draft.leases.set(index, { attempt, worker, request, at: draft.at, ...(price > 0 && { dollarsPerHour: price }) })
  setState(draft, index, 'Creating')
  return granted
}

/** A job pays for the part of the machine that nobody else can have, by what it takes most of. */
function shareOf(takes: Resources, { total, dollarsPerHour = 0 }: LeaseRequested): number {
  const part = (taken: number, of: number) => (of === 0 ? 0 : taken / of)
  const share = Math.max(part(takes.cpuMillis, total.cpuMillis), part(takes.memoryBytes, total.memoryBytes))
  return dollarsPerHour * Math.min(1, share)
}

function needs(draft: Draft, index: number, total: Resources): Resources {
  const template: JobTemplate = templateOf(draft.plan, index)
  return {
    cpuMillis: Math.min(template.cpuMillis, total.cpuMillis),
    memoryBytes: Math.min(memoryBytesOf(template, draft.losses.get(index)), total.memoryBytes),
    storageBytes: Math.min(template.storageBytes, total.storageBytes),
  }
}

/** A system that takes a little more than was reckoned with must not leave a job without any machine. */
const tolerated = 0.9

/** Machines of several sizes serve a pool: this one is too small for the job. Who named a machine gets what it has. */
function isForLarger(draft: Draft, index: number, { mustFit = false, total }: LeaseRequested): boolean {
  const template = templateOf(draft.plan, index)
  if (!mustFit || needsWholeMachine(template)) return false
  return (
    template.cpuMillis > total.cpuMillis ||
    memoryBytesOf(template, draft.losses.get(index)) * tolerated > total.memoryBytes ||
    template.storageBytes * tolerated > total.storageBytes
  )
}

const fits = (needed: Resources, free: Resources): boolean =>
  needed.cpuMillis <= free.cpuMillis &&
  needed.memoryBytes <= free.memoryBytes &&
  needed.storageBytes <= free.storageBytes

const subtract = (free: Resources, taken: Resources): Resources => ({
  cpuMillis: free.cpuMillis - taken.cpuMillis,
  memoryBytes: free.memoryBytes - taken.memoryBytes,
  storageBytes: free.storageBytes - taken.storageBytes,
})
