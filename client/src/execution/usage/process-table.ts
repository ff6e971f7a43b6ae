import { readdirSync, readFileSync } from 'node:fs'

/** What the processes of one session use together. */
export interface SessionUsage {
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** Who asks within this time of a look gets the same answer. */
const freshMs = 100

/** Ticks of /proc are 100 a second on every Linux (USER_HZ). */
const msPerTick = 10

/**
 * The processes of this machine by session: every command leads one of its own. One look serves all commands. Memory that
 * processes share is counted for each; a process that has left its session is not seen. Only on Linux.
 */
export class ProcessTable {
  #sessions: ReadonlyMap<number, SessionUsage> = new Map()
  #seenAt = Number.NEGATIVE_INFINITY

  usageOf(session: number): SessionUsage | undefined {
    const now = performance.now()
    if (now - this.#seenAt > freshMs) {
      this.#sessions = look()
      this.#seenAt = now
    }
    return this.#sessions.get(session)
  }
}

function look(): Map<number, SessionUsage> {
  const sessions = new Map<number, { cpuMs: number; memoryBytes: number }>()
  const bytesPerPage = pageSize()
  for (const name of namesIn('/proc')) {
    const process = /^\d/.test(name) ? readProcess(name) : undefined
    if (process === undefined) continue
    const usage = sessions.get(process.session) ?? { cpuMs: 0, memoryBytes: 0 }
    usage.cpuMs += process.ticks * msPerTick
    usage.memoryBytes += process.pages * bytesPerPage
    sessions.set(process.session, usage)
  }
  return sessions
}

/** The time of children that have ended counts as their parent's. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readProcess(pid: string): { session: number; ticks: number; pages: number } | undefined {
  const text = textOf(`/proc/${pid}/stat`)
  // A program's name stands in parentheses and may contain anything: fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 22) return undefined
  const number = (field: number) => Number(fields[field - 3])
  return { session: number(6), ticks: number(14) + number(15) + number(16) + number(17), pages: number(24) }
}

/** Pages are not everywhere 4 KiB. This program knows its own memory in pages and in bytes, though not at one moment. */
function pageSize(): number {
  const pages = readProcess('self')?.pages ?? 0
  return pages === 0 ? 4096 : 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
