import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { entryOf, entryOfAgent, type ProcessMark } from './process-mark.ts'

const maxProbed = 64

/** Processes may fork while they are looked for. */
const maxRounds = 50

/** False if the group has no member left. */
export function killGroup(group: number, signal: NodeJS.Signals): boolean {
  return send(-group, signal)
}

/**
 * Kills what is left of the process group that `leader` led, and on Linux also what has left it: a daemon carries the
 * mark or stays in the session. Only processes younger than the leader are looked at.
 */
export async function killTree(leader: number, mark: ProcessMark): Promise<void> {
  killGroup(leader, 'SIGKILL')
  const entry = entryOf(mark)
  for (let round = 0; round < maxRounds; round++) {
    const pids = await youngerThan(leader)
    const victims = pids.filter((pid) => isOf(pid, leader, entry))
    if (victims.filter((pid) => send(pid, 'SIGKILL')).length === 0) return
  }
}

/** The number of the process that this machine has started last. Only on Linux. */
export function newestPid(): number | undefined {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1))
  } catch {
    return undefined
  }
}

/**
 * Whether any process of what `leader` leads is alive that was started after `since`, beside `leader` itself. False
 * where that cannot be known: only on Linux.
 */
export async function hasYounger(leader: number, mark: ProcessMark, since: number | undefined): Promise<boolean> {
  if (since === undefined) return false
  const entry = entryOf(mark)
  for (const pid of await youngerThan(since)) if (!isThread(pid, leader) && isOf(pid, leader, entry)) return true
  return false
}

/** Threads have numbers like processes. */
const isThread = (pid: number, leader: number): boolean => existsSync(`/proc/${leader}/task/${pid}`)

/** Kills every process that an agent of this name has left on this machine; how many. Only on Linux. */
export async function killProcessesOf(agent: string): Promise<number> {
  const entry = entryOfAgent(agent)
  const killed = new Set<number>()
  for (let round = 0; round < maxRounds; round++) {
    const victims = (await allPids()).filter((pid) => hasEntry(pid, entry))
    const sent = victims.filter((pid) => send(pid, 'SIGKILL'))
    if (sent.length === 0) break
    for (const pid of sent) killed.add(pid)
  }
  return killed.size
}

/** Process numbers rise, until they wrap around: /proc/loadavg tells the newest. */
async function youngerThan(leader: number): Promise<number[]> {
  const newest = newestPid()
  if (newest === undefined || newest === leader) return []
  const isWrapped = newest < leader
  // Few are younger than a short job: asking for each is much cheaper than listing all processes of the machine.
  if (!isWrapped && newest - leader <= maxProbed)
    return Array.from({ length: newest - leader }, (_, index) => leader + 1 + index).filter(
      (pid) => pid !== process.pid,
    )
  return (await allPids()).filter((pid) => pid !== process.pid && (isWrapped || pid > leader))
}

async function allPids(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [])
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

function isOf(pid: number, session: number, entry: string): boolean {
  return sessionOf(pid) === session || hasEntry(pid, entry)
}

/** The name of a program stands in parentheses and may contain anything, so fields are counted from its end. */
function sessionOf(pid: number): number | undefined {
  const text = readProcess(pid, 'stat')
  const [state, , , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state === undefined || state === 'Z' ? undefined : Number(session)
}

const hasEntry = (pid: number, entry: string): boolean => `\0${readProcess(pid, 'environ')}`.includes(entry)

/** No disk is asked, so no thread need be. Empty if there is no such process, or it is not this user's. */
function readProcess(pid: number, file: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
