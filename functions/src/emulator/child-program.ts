import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Watchdog } from './watchdog.ts'

export interface ChildProgram {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where its output goes, both streams. */
  readonly logPath: string
}

/** A running program in its own process group. */
export interface RunningProgram {
  readonly child: ChildProcess
  /** Resolves with a sentence about how it ended. Never rejects. */
  readonly exited: Promise<string>
  /** Asks it to end, forces it to after `graceMs`, and resolves when it has gone. */
  stop(graceMs: number): Promise<void>
}

/** A terminal's Ctrl-C does not reach the program: it is stopped in order, by whoever started it. */
export function startProgram(options: ChildProgram, watchdog: Watchdog): RunningProgram {
  const log = openSync(options.logPath, 'a')
  const child = spawn(options.program, options.args, {
    detached: true,
    env: options.env,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  watchdog.guard(child)
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${options.program} cannot start: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`${options.program} ended with ${signal ?? `exit code ${code}`}`))
  })
  return { child, exited, stop: (graceMs) => stopGroup(child, exited, graceMs) }
}

async function stopGroup(child: ChildProcess, exited: Promise<unknown>, graceMs: number): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  signalGroup(pid, 'SIGTERM')
  const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
  await exited
  clearTimeout(force)
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has gone.
  }
}

/** The end of a log, for an error message. */
export async function readLogEnd(path: string, maxBytes = 2000): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - maxBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
