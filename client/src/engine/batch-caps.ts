import type { BatchId, Resources } from '../model/index.ts'
import type { Cap, Usage } from './fleet-limits.ts'
import { type Group, machinesFor, shareOf } from './pack-machines.ts'

/** What one batch wants of a pool, and has already. */
export interface BatchDemand {
  readonly batch: BatchId
  /** Its ready jobs by what they need. */
  readonly groups: readonly Group[]
  /** By its jobs in flight, in all pools: workers that have one, cores, and dollars an hour. */
  readonly used: Usage
}

/** The machine that would be made. */
export interface NewMachine {
  readonly size: Resources
  readonly dollarsPerHour: number
  /** What of it a job takes: all of it, where jobs share no machine. */
  readonly takenBy: (need: Resources) => Resources
}

export interface Capped {
  readonly groups: readonly Group[]
  /** What keeps the whole of the demand back. */
  readonly stoppedBy: keyof Cap | undefined
}

/** What of a batch's demand machines may be made for. Pure. */
export function withinCap({ groups, used }: BatchDemand, cap: Cap, machine: NewMachine): Capped {
  const kept: Group[] = []
  let stoppedBy: keyof Cap | undefined
  for (const { need, count } of groups) {
    const limits = kinds.map((kind) => ({ kind, most: rooms[kind]({ kept, need, count, cap, used, machine }) }))
    const tightest = limits.reduce((least, next) => (next.most < least.most ? next : least))
    const most = Math.max(0, Math.min(count, tightest.most))
    if (most < count) stoppedBy ??= tightest.kind
    if (most > 0) kept.push({ need, count: most })
  }
  return { groups: kept, stoppedBy: kept.length === 0 ? stoppedBy : undefined }
}

interface Question {
  readonly kept: readonly Group[]
  readonly need: Resources
  readonly count: number
  readonly cap: Cap
  readonly used: Usage
  readonly machine: NewMachine
}

const kinds = ['machines', 'cpus', 'dollarsPerHour'] as const

/** How many more jobs of a need there is room for, by kind of cap. */
const rooms: Record<keyof Cap, (question: Question) => number> = {
  machines: mostOnMachines,
  cpus: ({ kept, need, cap, used }) =>
    timesIn(need.cpuMillis, ((cap.cpus ?? Number.POSITIVE_INFINITY) - used.cpus) * 1000 - sumOf(kept, coresOf)),
  dollarsPerHour: ({ kept, need, cap, used, machine: { size, dollarsPerHour, takenBy } }) => {
    const priceOf = (one: Resources) => Math.min(1, shareOf(takenBy(one), size)) * dollarsPerHour
    const left = (cap.dollarsPerHour ?? Number.POSITIVE_INFINITY) - used.dollarsPerHour - sumOf(kept, priceOf)
    return timesIn(priceOf(need), left)
  },
}

const coresOf = ({ cpuMillis }: Resources): number => cpuMillis

const sumOf = (groups: readonly Group[], priceOf: (need: Resources) => number): number =>
  groups.reduce((sum, { need, count }) => sum + count * priceOf(need), 0)

const timesIn = (one: number, all: number): number =>
  one === 0 ? (all >= 0 ? Number.POSITIVE_INFINITY : 0) : Math.floor(all / one + 1e-9)

/** The greatest number of jobs that the machines still allowed hold, by halving: packing more never takes fewer. */
function mostOnMachines({ kept, need, count, cap, used, machine: { size, takenBy } }: Question): number {
  const machines = (cap.machines ?? Number.POSITIVE_INFINITY) - used.machines
  const taken = (jobs: number) =>
    [...kept, { need, count: jobs }].map((one) => ({ need: takenBy(one.need), count: one.count }))
  const holds = (jobs: number) => machinesFor(taken(jobs), [], size) <= machines
  if (holds(count)) return Number.POSITIVE_INFINITY
  let low = 0
  let high = count
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}
