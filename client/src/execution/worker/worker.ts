import type { AbortReason } from '../attempt/abort-reason.ts'
import { AttemptRunner } from './attempt-runner.ts'
import { LeaseAsker, type WorkerEnd } from './lease-asker.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { StopListener } from './stop-listener.ts'
import type { WorkerOptions } from './worker-options.ts'
import { makeParts, type WorkerParts } from './worker-parts.ts'

/** A worker that is at work. */
export interface Worker {
  /** Resolves when it has left, was refused or was stopped, and nothing of it goes on. Never rejects. */
  readonly done: Promise<WorkerEnd>
  /** Ends every attempt for this reason, tells their ends, and asks for no more. Resolves with `done`. */
  stop(reason: AbortReason): Promise<void>
  load(): WorkerLoad
}

export interface WorkerLoad {
  readonly runningJobs: number
  /** Running, or waiting here for room. */
  readonly heldJobs: number
  readonly unconfirmedEnds: number
}

/** Ends are handed over within this time when the worker stops, or not at all. */
const lastWordsMs = 10_000

/**
 * Takes work from the service and does it until it is stopped or has had nothing to do for long.
 *
 * @example
 * const worker = startWorker({ id, total, maxJobs: 4, service, lanes: 1, runAttempt, clock: systemClock })
 * await worker.done
 */
export function startWorker(options: WorkerOptions): Worker {
  const parts = makeParts(options)
  const runner = new AttemptRunner(parts)
  const keeper = new LeaseKeeper(parts, runner)
  const asker = new LeaseAsker(parts, runner, keeper)
  const listener = new StopListener(parts, runner, keeper)
  const keeping = [keeper.run(), keeper.watch(), listener.run()]
  const done = work(parts, runner, asker, keeping)
  return {
    done,
    stop: async (reason) => {
      beginToStop(parts)
      runner.stopAll(reason)
      await done
    },
    load: () => ({
      runningJobs: parts.holdings.runningJobs,
      heldJobs: parts.holdings.jobs,
      unconfirmedEnds: parts.outbox.unconfirmedEnds,
    }),
  }
}

async function work(
  parts: WorkerParts,
  runner: AttemptRunner,
  asker: LeaseAsker,
  keeping: readonly Promise<void>[],
): Promise<WorkerEnd> {
  const end = await asker.run()
  const isRefused = end === 'refused' || parts.stopping.signal.reason === 'refused'
  beginToStop(parts)
  if (isRefused) runner.stopAll({ kind: 'lost' })
  await runner.allEnded()
  await parts.outbox.close(lastWordsMs)
  await Promise.all(keeping)
  return isRefused ? 'refused' : end
}

function beginToStop({ stopping, wake }: WorkerParts): void {
  stopping.abort()
  wake.notify()
}
