import type { Assignment, AttemptEnd, MachineFacts, PoolId, Resources, WorkerId } from '../../model/index.ts'
import type { Clock } from '../clock.ts'
import type { WorkerService } from './worker-service.ts'

export interface WorkerOptions {
  readonly id: WorkerId
  /** Absent: jobs of any pool. */
  readonly pool?: PoolId | undefined
  /** What the machine has for jobs. A job that asks for more takes all of it. */
  readonly total: Resources
  /** What the machine is priced by. Absent: it costs nothing. */
  readonly machine?: MachineFacts | undefined
  /** A job that asks for more waits for another machine instead. Default: no. */
  readonly mustFit?: boolean | undefined
  /** After several attempts in a row that the machine itself failed it takes no more, and leaves. Default: it goes on. */
  readonly leavesWhenUnfit?: boolean | undefined
  /** Jobs at once, at most. */
  readonly maxJobs: number
  readonly service: WorkerService
  /** How many lanes the service has. */
  readonly lanes: number
  /** Runs one attempt, to its end in any case: it never rejects. */
  readonly runAttempt: (assignment: Assignment, hooks: AttemptHooks) => Promise<AttemptEnd>
  readonly clock: Clock
  readonly timing?: Partial<WorkerTiming> | undefined
  /** False: the worker lives and dies with its service, so its lease has no time. Default true. */
  readonly isTimed?: boolean | undefined
  /** What goes wrong and is tried again. Default: nobody listens. */
  readonly log?: WorkerLog | undefined
}

export interface AttemptHooks {
  /** The reason is an `AbortReason`. */
  readonly signal: AbortSignal
  readonly onStarted: (startedAt: number) => void
  /** The commands have ended: what follows needs neither cores nor memory. */
  readonly onCommandsEnded: () => void
}

export interface WorkerLog {
  warn(fields: object, message: string): void
}

/** All in ms. */
export interface WorkerTiming {
  /** Between renewals. Default 60,000. */
  readonly renewMs: number
  /** After this long without a renewal that succeeded, everything is killed. Default 12 minutes. */
  readonly killAfterMs: number
  /** With nothing to do for so long, the worker leaves. Default: never. */
  readonly idleMs: number
  /** The first and the longest time that a request waits for work. Default 500 and 20,000. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** The longest time that a request waits for orders to stop. Default 60,000. */
  readonly listenMs: number
  /** Ends wait so long for company. Default 50. */
  readonly lingerMs: number
  /** A start is told only of attempts that last longer. Default 1,000. */
  readonly startedDelayMs: number
  /** An end that is not confirmed is told again after this. Default 30,000. */
  readonly republishMs: number
  /** The pause after a request that failed, doubled up to ten times as much. Default 1,000. */
  readonly retryMs: number
  /** Jobs that last no longer than this on average are fetched ahead. Default 1,000. */
  readonly shortJobMs: number
  /** When the machine is taken away, nothing of an attempt runs any more after this. Default 15,000. */
  readonly putAwayMs: number
}

export const defaultTiming: WorkerTiming = {
  renewMs: 60_000,
  killAfterMs: 12 * 60_000,
  idleMs: Number.POSITIVE_INFINITY,
  firstWaitMs: 500,
  longestWaitMs: 20_000,
  listenMs: 60_000,
  lingerMs: 50,
  startedDelayMs: 1000,
  republishMs: 30_000,
  retryMs: 1000,
  shortJobMs: 1000,
  putAwayMs: 15_000,
}
