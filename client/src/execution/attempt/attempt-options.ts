import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import type { Clock } from '../clock.ts'
import type { WorkerLogs } from '../log/worker-logs.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { UsageSampler } from '../usage/usage-sampler.ts'
import type { WorkerLog } from '../worker/worker-options.ts'

export interface AttemptOptions {
  readonly objects: ObjectStore
  readonly sandbox: Sandbox
  /** Ends the attempt; the reason is an `AbortReason`. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /**
   * Resolves when the commands may begin, with what is called when they have ended; also when `signal` is aborted.
   * Default: they may at once.
   */
  readonly enter?: ((assignment: Assignment, signal: AbortSignal) => Promise<() => void>) | undefined
  /** The commands begin now. */
  readonly onStarted?: ((startedAt: number) => void) | undefined
  /** They have ended: what follows needs neither cores nor memory. */
  readonly onCommandsEnded?: (() => void) | undefined
  /** Between SIGTERM and SIGKILL, in ms. Default 10,000. */
  readonly graceMs?: number | undefined
  /**
   * How long the end by a signal that nobody here has sent is held back, in ms, for the notice that explains it to
   * come. Default 0; 5,000 where machines are taken away.
   */
  readonly explainMs?: number | undefined
  /** Where the attempts of one worker store what they leave. Default: a place of this attempt's own. */
  readonly logs?: WorkerLogs | undefined
  /** What goes wrong and changes nothing for the job. Default: nobody listens. */
  readonly log?: WorkerLog | undefined
  /** Looks at what the commands use. Default: nobody does. */
  readonly usage?: UsageSampler | undefined
  /** What is printed after a silence is stored within so many ms. Default 750. */
  readonly flushMs?: number | undefined
  /** What is printed on and on is stored ever more rarely, but within so many ms. Default 1,200. */
  readonly slowestFlushMs?: number | undefined
  /** What the commands use is first stored when they are so many ms old, in an object of its own. Default 15,000. */
  readonly firstUsageMs?: number | undefined
  /** The pause before a storage operation is tried again, in ms; doubled each time. Default 1,000. */
  readonly retryMs?: number | undefined
}
