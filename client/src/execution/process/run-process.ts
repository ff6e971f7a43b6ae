import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import type { Command, CommandEnd } from '../sandbox/sandbox.ts'
import { killGroup, killTree } from './kill-tree.ts'
import type { ProcessMark } from './process-mark.ts'

export interface ProcessCommand extends Command {
  /** The path of the script's file: the text may be longer than an argument may be. */
  readonly script: string
  readonly folder: string
  readonly mark: ProcessMark
  readonly clock: Clock
  /** Process groups that are alive; kept here while this one is. */
  readonly groups: Set<number>
}

/** Runs a script in a process group of its own, and leaves no process of it. */
export async function runProcess(command: ProcessCommand): Promise<CommandEnd> {
  const child = start(command)
  const exited = once(child, 'exit')
  const leader = await spawned(child, exited, command)
  command.groups.add(leader)
  const ended = new AbortController()
  const killing = killWhenAborted(leader, command, ended.signal)
  const printed = Promise.all([drain(child.stdout, command), drain(child.stderr, command)])
  try {
    const [exitCode, signal] = await exited
    const end = command.signal.aborted ? ({ kind: 'killed' } as const) : describe(exitCode, signal)
    await killTree(leader, command.mark)
    await lettingGo(printed, child, command.clock)
    return end
  } finally {
    command.groups.delete(leader)
    ended.abort()
    await killing
  }
}

function start({ shell, script, folder, env, mark }: ProcessCommand): ChildProcess {
  return spawn(shell, [script], {
    cwd: folder,
    detached: true,
    env: { ...env, [mark.name]: mark.value },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function spawned(child: ChildProcess, exited: Promise<unknown>, { shell }: ProcessCommand): Promise<number> {
  exited.catch(() => undefined)
  try {
    if (child.pid === undefined) await once(child, 'spawn')
  } catch (error) {
    throw shellFault(shell, error)
  }
  if (child.pid === undefined) throw new AttemptFault('infrastructure', `The shell ${shell} has no process.`)
  return child.pid
}

function shellFault(shell: string, error: unknown): AttemptFault {
  const code: unknown = Object(error).code
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOEXEC' || code === 'ENOTDIR') {
    const message = `The job's shell ${shell} cannot be run on this machine (${String(code)}); choose another one.`
    return new AttemptFault('shell', message, { cause: error })
  }
  return new AttemptFault('infrastructure', `No process could be started: ${messageOf(error)}`, { cause: error })
}

async function killWhenAborted(leader: number, { signal, graceMs, clock }: ProcessCommand, ended: AbortSignal) {
  const either = AbortSignal.any([signal, ended])
  if (!either.aborted) await once(either, 'abort')
  if (ended.aborted) return
  if (graceMs() > 0) {
    killGroup(leader, 'SIGTERM')
    await clock.sleep(graceMs(), ended)
  }
  if (!ended.aborted) killGroup(leader, 'SIGKILL')
}

async function drain(stream: Readable | null, { print }: Command): Promise<void> {
  if (stream === null) return
  try {
    for await (const chunk of stream) await print(chunk)
  } catch {
    // Cut off below, because a process that could not be killed holds the pipe.
  }
}

/** All of the job's processes are dead, so the pipes end, unless someone unknown has one: then it is let go. */
async function lettingGo(printed: Promise<unknown>, { stdout, stderr }: ChildProcess, clock: Clock): Promise<void> {
  const done = new AbortController()
  const finished = printed.then(() => done.abort())
  while (!done.signal.aborted) {
    const wasIdle = isIdle(stdout) && isIdle(stderr)
    await Promise.race([finished, clock.sleep(1000, done.signal)])
    if (done.signal.aborted || !wasIdle || !isIdle(stdout) || !isIdle(stderr)) continue
    stdout?.destroy()
    stderr?.destroy()
  }
}

/** Nothing is waiting to be printed. */
const isIdle = (stream: Readable | null) => stream === null || stream.readableLength === 0

function describe(exitCode: number | null, signal: NodeJS.Signals | null): CommandEnd {
  if (signal === null) return { kind: 'exited', exitCode: exitCode ?? 0 }
  return { kind: 'signalled', signal, exitCode: 128 + constants.signals[signal] }
}
