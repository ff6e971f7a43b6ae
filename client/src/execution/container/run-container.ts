import { once } from 'node:events'
import type Docker from 'dockerode'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import { countOomKills, explainKill } from '../process/oom-kills.ts'
import { Overrun, type Watch } from '../sandbox/overrun.ts'
import type { Command, CommandEnd, Program } from '../sandbox/sandbox.ts'
import { readContainerUsage } from '../usage/container-usage.ts'
import type { FolderSize } from '../usage/folder-size.ts'
import { startFault } from './docker-faults.ts'
import { removeContainer } from './leftover-containers.ts'
import { splitFrames } from './split-frames.ts'

export interface ContainerCommand extends Command {
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]]
  readonly image: string
  readonly clock: Clock
  readonly filesOf: (container: Docker.Container) => ContainerFiles
}

/** What an attempt writes, in its own folder and inside its container. */
export interface ContainerFiles {
  readonly watch: Watch
  readonly size: FolderSize
}

/** Runs one container to its end and removes it, whatever happens. */
export async function runContainer(
  docker: Docker,
  request: Docker.ContainerCreateOptions,
  command: ContainerCommand,
): Promise<CommandEnd> {
  if (command.signal.aborted) return { kind: 'killed' }
  const container = await docker.createContainer(request).catch((error) => {
    throw startFault(command.image, command.words[0], error)
  })
  try {
    return await followContainer(container, command)
  } finally {
    await removeContainer(container)
  }
}

async function followContainer(container: Docker.Container, command: ContainerCommand): Promise<CommandEnd> {
  const output = await container.attach({ stream: true, stdout: true, stderr: true })
  const printed = print(output, command)
  const killsBefore = countOomKills()
  await container.start().catch((error) => {
    throw startFault(command.image, command.words[0], error)
  })
  const { watch, size } = command.filesOf(container)
  const overrun = new Overrun(watch, () => killNow(container))
  command.onRunning?.(async () => {
    const usage = await readContainerUsage(container)
    return usage && { ...usage, storageBytes: await size.bytes() }
  })
  const ended = new AbortController()
  const killing = killWhenAborted(container, command, ended.signal)
  try {
    const { StatusCode: exitCode } = await waitForEnd(container)
    const isKilled = command.signal.aborted
    await printed
    return isKilled ? { kind: 'killed' } : overrun.explain(await describe(container, exitCode, killsBefore))
  } finally {
    overrun.stop()
    ended.abort()
    await killing
  }
}

async function print(output: NodeJS.ReadableStream, { print: take }: Command): Promise<void> {
  try {
    for await (const payload of splitFrames(bytesOf(output))) await take(payload)
  } catch {
    // The engine cut the stream off: what came before is printed, and the end of the container decides.
  }
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk
}

async function waitForEnd(container: Docker.Container): Promise<{ StatusCode: number }> {
  try {
    return await container.wait()
  } catch (error) {
    const message = `The container was lost from sight: ${messageOf(error)}`
    throw new AttemptFault('infrastructure', message, { cause: error })
  }
}

async function describe(
  container: Docker.Container,
  exitCode: number,
  killsBefore: number | undefined,
): Promise<CommandEnd> {
  if (exitCode === 0) return { kind: 'exited', exitCode }
  const { State } = await container.inspect()
  return explainExit(exitCode, State, killsBefore)
}

/**
 * Some process of a container that was killed for its memory may not be its first one: the engine notes any. It does not
 * note everywhere that the whole machine had no memory left.
 */
export const explainExit = (
  exitCode: number,
  { OOMKilled }: { readonly OOMKilled: boolean },
  killsBefore: number | undefined,
): CommandEnd =>
  OOMKilled ? { kind: 'outOfMemory', exitCode } : explainKill({ kind: 'exited', exitCode }, killsBefore)

async function killWhenAborted(
  container: Docker.Container,
  { signal, graceMs, clock, program }: ContainerCommand,
  ended: AbortSignal,
): Promise<void> {
  const either = AbortSignal.any([signal, ended])
  if (!either.aborted) await once(either, 'abort')
  if (ended.aborted) return
  if (graceMs() > 0) {
    await terminate(container, program)
    await clock.sleep(graceMs(), ended)
  }
  if (!ended.aborted) await killNow(container)
}

const killNow = (container: Docker.Container) => container.kill({ signal: 'SIGKILL' }).catch(() => undefined)

/** The first process of a container ignores what it does not handle, so all others are told too, by its own shell. */
async function terminate(container: Docker.Container, program: Program): Promise<void> {
  await container.kill({ signal: 'SIGTERM' }).catch(() => undefined)
  if (program.kind !== 'script') return
  try {
    const exec = await container.exec({ Cmd: [program.shell, '-c', 'kill -TERM -1'] })
    await exec.start({ Detach: true })
  } catch {
    // It has ended already; if not, SIGKILL follows.
  }
}
