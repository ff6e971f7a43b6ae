import { hash32 } from '../../model/index.ts'
import { Fitness } from './fitness.ts'
import { Holdings } from './holdings.ts'
import { Outbox } from './outbox.ts'
import { ShortJobs } from './short-jobs.ts'
import { Wake } from './wake.ts'
import { defaultTiming, type WorkerOptions, type WorkerTiming } from './worker-options.ts'

/** What the loops of one worker share. */
export interface WorkerParts {
  readonly options: WorkerOptions
  readonly timing: WorkerTiming
  /** The lane that keeps this worker's record alive, and that it asks first; the engine finds it in the same way. */
  readonly homeLane: number
  readonly holdings: Holdings
  readonly outbox: Outbox
  readonly shortJobs: ShortJobs
  readonly fitness: Fitness
  readonly requests: LeaseRequests
  /** Notified when room, confirmations or the worker's own end have changed. */
  readonly wake: Wake
  /** Aborted: no more work is asked for. */
  readonly stopping: AbortController
}

/** The numbers of lease requests: one is open at a time, and only its answer is believed. */
export interface LeaseRequests {
  highest: number
  open: number | undefined
  /** The service has a record of this worker, because it has given it work. */
  isKnown: boolean
}

export function makeParts(options: WorkerOptions): WorkerParts {
  const timing: WorkerTiming = { ...defaultTiming, ...options.timing }
  return {
    options,
    timing,
    homeLane: hash32(options.id) % options.lanes,
    holdings: new Holdings(options.total, options.maxJobs),
    outbox: new Outbox(options, timing),
    shortJobs: new ShortJobs(timing.shortJobMs),
    fitness: new Fitness(),
    requests: { highest: 0, open: undefined, isKnown: false },
    wake: new Wake(),
    stopping: new AbortController(),
  }
}
