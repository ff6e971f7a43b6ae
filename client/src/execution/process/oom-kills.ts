import { readFileSync } from 'node:fs'
import type { CommandEnd } from '../sandbox/sandbox.ts'

const killExitCode = 137

/** How many processes the system has ended since it started, because memory was used up; `undefined` if it does not tell. */
export function countOomKills(): number | undefined {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1')) ?? []
    return count === undefined ? undefined : Number(count)
  } catch {
    return undefined
  }
}

/** A SIGKILL that nobody here has sent, while the system was ending processes for their memory, was such an end. */
export function explainKill(end: CommandEnd, killsBefore: number | undefined): CommandEnd {
  const isKill = (end.kind === 'signalled' || end.kind === 'exited') && end.exitCode === killExitCode
  if (!isKill || killsBefore === undefined || countOomKills() === killsBefore) return end
  return { kind: 'outOfMemory', exitCode: killExitCode, isMachineFull: true }
}
