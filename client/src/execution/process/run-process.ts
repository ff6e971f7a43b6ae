import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import { Overrun, type Watch } from '../sandbox/overrun.ts'
import type { Command, CommandEnd } from '../sandbox/sandbox.ts'
import type { UsageReading } from '../usage/usage-reading.ts'
import { killGroup, killTree } from './kill-tree.ts'
import { type Exit, LaunchError, type Launched, type Launcher } from './launcher.ts'
import { countOomKills, explainKill } from './oom-kills.ts'
import type { OutputPipe, OutputPipes } from './output-pipes.ts'
import type { ProcessMark } from './process-mark.ts'

/** A command whose process can be followed. */
export interface FollowedCommand extends Command {
  readonly mark: ProcessMark
  readonly clock: Clock
  readonly watchOf: (leader: number) => Watch
  /** What a process group uses. */
  readonly usageOf: (leader: number) => Promise<UsageReading | undefined>
  readonly pipes: OutputPipes
  /** Process groups that are alive; kept here while this one is. */
  readonly groups: Set<number>
}

export interface ProcessCommand extends FollowedCommand {
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]]
  readonly folder: string
  readonly launcher: Launcher
}

/** Runs a script in a process group of its own, and leaves no process of it. */
export async function runProcess(command: ProcessCommand): Promise<CommandEnd> {
  if (command.signal.aborted) return killed
  const pipe = await command.pipes.open()
  const killsBefore = countOomKills()
  let hasEnded = false
  try {
    const { pid, exited } = await start(command, pipe)
    command.onRunning?.(() => command.usageOf(pid))
    const end = exited.then((exit) => (command.signal.aborted ? killed : describeExit(exit)))
    end.catch(() => undefined)
    const overrun = new Overrun(command.watchOf(pid), () => killGroup(pid, 'SIGKILL'))
    hasEnded = await followToEnd(pid, exited, pipe, command).finally(() => overrun.stop())
    return explainKill(overrun.explain(await end), killsBefore)
  } finally {
    pipe.reader.destroy()
    await command.pipes.giveBack(pipe, hasEnded)
  }
}

async function start(command: ProcessCommand, pipe: OutputPipe): Promise<Launched> {
  const { folder, env, mark, launcher, pipes } = command
  const [program, ...words] = command.words
  try {
    return await launcher.launch({
      program,
      arguments: words,
      folder,
      env: { ...env, [mark.name]: mark.value },
      output: pipe.path,
    })
  } catch (error) {
    throw startFault(program, error)
  } finally {
    pipes.release(pipe)
  }
}

function startFault(shell: string, error: unknown): AttemptFault {
  const code = error instanceof LaunchError ? error.code : undefined
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOEXEC' || code === 'ENOTDIR') {
    const message = `The job's shell ${shell} cannot be run on this machine (${code}); choose another one.`
    return new AttemptFault('shell', message, { cause: error })
  }
  return new AttemptFault('infrastructure', `No process could be started: ${messageOf(error)}`, { cause: error })
}

/**
 * Prints the output until the commands have ended and what is left of them is cleared away. Whether the output has
 * ended: all that had it are dead.
 */
export async function followToEnd(
  leader: number,
  exited: Promise<unknown>,
  pipe: OutputPipe,
  command: FollowedCommand,
  clearAway: () => Promise<unknown> = () => killTree(leader, command.mark),
): Promise<boolean> {
  const ended = new AbortController()
  command.groups.add(leader)
  const killing = killWhenAborted(leader, command, ended.signal)
  const printing = drain(pipe.reader, command)
  try {
    // A launcher that was killed tells no end: then the job is killed here, and its attempt is lost.
    await exited.catch(() => undefined)
    await clearAway()
    return await endsSoon(printing, pipe.reader, command.clock)
  } finally {
    command.groups.delete(leader)
    ended.abort('ended')
    await killing
  }
}

async function killWhenAborted(leader: number, { signal, graceMs, clock }: FollowedCommand, ended: AbortSignal) {
  const either = AbortSignal.any([signal, ended])
  if (!either.aborted) await once(either, 'abort')
  if (ended.aborted) return
  if (graceMs() > 0) {
    killGroup(leader, 'SIGTERM')
    await clock.sleep(graceMs(), ended)
  }
  if (!ended.aborted) killGroup(leader, 'SIGKILL')
}

async function drain(stream: Readable, { print }: Command): Promise<void> {
  for await (const chunk of stream) await print(chunk)
}

/** A process that could not be found may hold the pipe for ever; its silence is waited for, not its end. */
async function endsSoon(printing: Promise<void>, reader: Readable, clock: Clock): Promise<boolean> {
  const done = new AbortController()
  const finished = printing.catch(() => undefined).then(() => done.abort('ended'))
  while (!done.signal.aborted) {
    const wasSilent = reader.readableLength === 0
    await Promise.race([finished, clock.sleep(1000, done.signal)])
    if (!done.signal.aborted && wasSilent && reader.readableLength === 0) return false
  }
  return true
}

export const killed: CommandEnd = { kind: 'killed' }

export function describeExit({ exitCode, signal }: Exit): CommandEnd {
  if (signal === null) return { kind: 'exited', exitCode: exitCode ?? 0 }
  return { kind: 'signalled', signal, exitCode: 128 + constants.signals[signal] }
}
