import { readdirSync, readFileSync } from 'node:fs'

/** The processes of a job. */
export interface Session {
  readonly pids: readonly number[]
  /** What is shared among them counts for each of them, so this may be too much and is never too little. */
  readonly residentBytes: number
}

interface ProcessLine {
  readonly pid: number
  readonly parent: number
  readonly session: number
  readonly residentBytes: number
}

/**
 * Several sessions, by their leaders, in one look at /proc. A child that has made a session of its own
 * counts for its parent's. None where there is no /proc.
 */
export function sessionsOf(leaders: ReadonlySet<number>): Map<number, Session> {
  const lines = readProcesses()
  const byPid = new Map(lines.map((line) => [line.pid, line]))
  const found = Map.groupBy(lines, (line) => leaderOf(line, leaders, byPid))
  const sessions = new Map<number, Session>()
  for (const [leader, members] of found) {
    if (leader === undefined) continue
    const residentBytes = members.reduce((sum, member) => sum + member.residentBytes, 0)
    sessions.set(leader, { pids: members.map(({ pid }) => pid), residentBytes })
  }
  return sessions
}

/** Exactly: what is shared is parted among those who share it, and what can be read again from files is left out. */
export const ownBytesOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + ownBytes(pid), 0)

function leaderOf(
  line: ProcessLine,
  leaders: ReadonlySet<number>,
  byPid: ReadonlyMap<number, ProcessLine>,
): number | undefined {
  const seen = new Set<number>()
  for (let at: ProcessLine | undefined = line; at !== undefined && !seen.has(at.pid); at = byPid.get(at.parent)) {
    if (leaders.has(at.session)) return at.session
    seen.add(at.pid)
  }
  return undefined
}

function readProcesses(): ProcessLine[] {
  const lines: ProcessLine[] = []
  for (const name of namesIn('/proc')) {
    const text = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : ''
    // The name of a program stands in parentheses and may contain anything, so fields are counted from its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [, parent, , session] = fields
    const residentPages = fields[21]
    if (parent === undefined || session === undefined || residentPages === undefined) continue
    const residentBytes = Number(residentPages) * pageBytes()
    lines.push({ pid: Number(name), parent: Number(parent), session: Number(session), residentBytes })
  }
  return lines
}

/** https://docs.kernel.org/filesystems/proc.html, smaps_rollup (2026-11) */
function ownBytes(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`)
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN)
  const own = kibibytes('Pss_Anon') + kibibytes('Pss_Shmem')
  const all = kibibytes('Pss')
  return (Number.isNaN(own) ? all : own) * 1024 || 0
}

let knownPageBytes: number | undefined

/** From the vector of values that the kernel gives each program: pairs of words, of which 6 names the size of a page. */
function pageBytes(): number {
  knownPageBytes ??= findPageBytes()
  return knownPageBytes
}

function findPageBytes(): number {
  const usual = 4096
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer)
    for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === 6n) return Number(words[at + 1])
  } catch {
    // Not there, or not as it should be.
  }
  return usual
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
