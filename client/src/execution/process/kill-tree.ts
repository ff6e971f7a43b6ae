import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
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
    const victims = await filterAsync(pids, (pid) => isOf(pid, leader, entry))
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
  for (const pid of await youngerThan(since))
    if (!isThread(pid, leader) && (await isOf(pid, leader, entry))) return true
  return false
}

/** Threads have numbers like processes. */
const isThread = (pid: number, leader: number): boolean => existsSync(`/proc/${leader}/task/${pid}`)

/** Kills every process that an agent of this name has left on this machine; how many. Only on Linux. */
export async function killProcessesOf(agent: string): Promise<number> {
  const entry = entryOfAgent(agent)
  const killed = new Set<number>()
  for (let round = 0; round < maxRounds; round++) {
    const victims = await filterAsync(await allPids(), (pid) => hasEntry(pid, entry))
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

async function isOf(pid: number, session: number, entry: string): Promise<boolean> {
  return (await sessionOf(pid)) === session || hasEntry(pid, entry)
}

/** The name of a program stands in parentheses and may contain anything, so fields are counted from its end. */
async function sessionOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  const [state, , , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state === undefined || state === 'Z' ? undefined : Number(session)
}

async function hasEntry(pid: number, entry: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return `\0${environment}`.includes(entry)
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

async function filterAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = []
  for (const item of items) if (await test(item)) kept.push(item)
  return kept
}
