import {
  type JobTemplate,
  memoryBytesOf,
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
  let free = event.free
  for (const index of candidates(draft, event)) {
    if (grants.length >= event.maxJobs) break
    if (!fits(needs(draft, index, event.total), free)) continue
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
  draft.leases.set(index, { attempt, worker: event.worker, request: event.request, at: draft.at })
  setState(draft, index, 'Creating')
  return describe(draft, index, attempt, event)
}

function needs(draft: Draft, index: number, total: Resources): Resources {
  const template: JobTemplate = templateOf(draft.plan, index)
  return {
    cpuMillis: Math.min(template.cpuMillis, total.cpuMillis),
    memoryBytes: Math.min(memoryBytesOf(template, draft.losses.get(index)), total.memoryBytes),
    storageBytes: Math.min(template.storageBytes, total.storageBytes),
  }
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
