import type { Clock } from '../clock.ts'
import type { OverrunEnd } from '../sandbox/overrun.ts'
import { RepeatedLook } from '../sandbox/repeated-look.ts'
import { memoryOfSessions, ownBytesOf } from './session-memory.ts'

interface Watched {
  readonly leader: number
  readonly limitBytes: number
  readonly onOver: (end: OverrunEnd) => void
}

/** A program that fills memory as fast as it can gets about this far beyond its limit: some hundred MiB. */
const pauseMs = 100

/** As a shell tells it of SIGKILL, with which the kernel would have ended it. */
const killedExitCode = 137

/**
 * Ends jobs without an image that take more than their memory. A group of the kernel's own (cgroup) would be exact, but
 * needs rights that a user's program rarely has; a limit of address space (ulimit -v) would end programs that reserve
 * much and use little. So it is watched, the same way for everyone, where there is a /proc: on Linux.
 */
export class MemoryWatch {
  readonly #look: RepeatedLook<Watched>

  constructor(clock: Clock) {
    this.#look = new RepeatedLook({ clock, pauseMs, look: async (watched) => lookAt(watched) })
  }

  /** Calls `onOver` if the session of `leader` takes more; a limit of 0 is none. @returns ends it */
  add(leader: number, limitBytes: number, onOver: (end: OverrunEnd) => void): () => void {
    return limitBytes === 0 ? () => undefined : this.#look.add({ leader, limitBytes, onOver })
  }
}

function lookAt(watched: readonly Watched[]): void {
  const sessions = memoryOfSessions(new Set(watched.map(({ leader }) => leader)))
  for (const { leader, limitBytes, onOver } of watched) {
    const session = sessions.get(leader)
    if (session === undefined || session.residentBytes <= limitBytes) continue
    if (ownBytesOf(session.pids) > limitBytes) onOver({ kind: 'outOfMemory', exitCode: killedExitCode })
  }
}
