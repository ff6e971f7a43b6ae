// Starts processes for a larger one. A fork copies the page tables of whoever forks, so a program of 200 MB takes many
// times longer to start a process than this one, which holds nothing. It ends with the program that it works for.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, constants, openSync, writeFileSync } from 'node:fs'
import type { Launch, LaunchReport } from './launcher-messages.ts'

/** What it starts inherits this: when the machine runs out of memory, jobs go before the program that can tell of it. */
const oomScoreAdjust = '500'

try {
  writeFileSync('/proc/self/oom_score_adj', oomScoreAdjust)
} catch {
  // Only Linux has it.
}

process.on('message', (launch: Launch) => start(launch))
process.on('disconnect', () => process.exit())

function start(launch: Launch): void {
  const { id } = launch
  try {
    const child = spawnInto(launch)
    child.once('error', (error) => report(failure(id, error)))
    child.once('spawn', () => {
      if (child.pid !== undefined) report({ id, kind: 'started', pid: child.pid })
    })
    child.once('exit', (exitCode, signal) => report({ id, kind: 'exited', exitCode, signal }))
  } catch (error) {
    report(failure(id, error))
  }
}

function spawnInto({ program, arguments: words, folder, env, output }: Launch): ChildProcess {
  const writer = openToWrite(output)
  try {
    return spawn(program, words, { cwd: folder, detached: true, env, stdio: ['ignore', writer, writer] })
  } finally {
    closeSync(writer)
  }
}

/**
 * A plain opening would wait for ever where the reader has just been killed. The first look fails then; and with a
 * reader of its own no opening waits.
 */
function openToWrite(pipe: string): number {
  closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK))
  const reader = openSync(pipe, constants.O_RDWR)
  try {
    return openSync(pipe, constants.O_WRONLY)
  } finally {
    closeSync(reader)
  }
}

function failure(id: number, error: unknown): LaunchReport {
  const code: unknown = Object(error).code
  return { id, kind: 'failed', code: typeof code === 'string' ? code : undefined, message: String(error) }
}

const report = (message: LaunchReport): void => {
  process.send?.(message)
}
