import type { Clock } from '../clock.ts'
import type { OverrunEnd } from '../sandbox/overrun.ts'
import { RepeatedLook } from '../sandbox/repeated-look.ts'
import { ownBytesOf, type Session, sessionsOf } from './sessions.ts'

/** What a job without image may take. */
export interface ProcessLimits {
  /** 0: what there is. */
  readonly memoryBytes: number
  readonly processes: number
}

interface Watched {
  readonly leader: number
  readonly limits: ProcessLimits
  readonly onOver: (end: OverrunEnd) => void
}

/** A program that fills memory as fast as it can gets about this far beyond its limit: some hundred MiB. */
const pauseMs = 100

/** As a shell tells it of SIGKILL, with which the kernel would have ended it. */
const killedExitCode = 137

/**
 * Ends jobs without an image that take more than their memory, or so many processes that the machine would suffer. A
 * group of the kernel's own (cgroup) would be exact, but needs rights that a user's program rarely has; a limit of
 * address space (ulimit -v) would end programs that reserve much and use little, one of processes (ulimit -u) counts all
 * of a user's. So they are watched, the same way for everyone, where there is a /proc: on Linux.
 */
export class ProcessWatch {
  readonly #look: RepeatedLook<Watched>

  constructor(clock: Clock) {
    this.#look = new RepeatedLook({ clock, pauseMs, look: async (watched) => lookAt(watched) })
  }

  /** Calls `onOver` if the session of `leader` takes more. @returns ends it */
  add(leader: number, limits: ProcessLimits, onOver: (end: OverrunEnd) => void): () => void {
    return this.#look.add({ leader, limits, onOver })
  }
}

function lookAt(watched: readonly Watched[]): void {
  const sessions = sessionsOf(new Set(watched.map(({ leader }) => leader)))
  for (const { leader, limits, onOver } of watched) {
    const session = sessions.get(leader)
    const end = session === undefined ? undefined : overrunOf(session, limits)
    if (end !== undefined) onOver(end)
  }
}

function overrunOf(
  { pids, residentBytes }: Session,
  { memoryBytes, processes }: ProcessLimits,
): OverrunEnd | undefined {
  if (pids.length > processes) {
    const message = `The commands had ${pids.length} processes at once; at most ${processes} are possible.`
    return { kind: 'exited', exitCode: killedExitCode, message }
  }
  const isOver = memoryBytes > 0 && residentBytes > memoryBytes && ownBytesOf(pids) > memoryBytes
  return isOver ? { kind: 'outOfMemory', exitCode: killedExitCode } : undefined
}
