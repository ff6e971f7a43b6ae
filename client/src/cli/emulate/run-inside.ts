import { type ChildProcess, spawn } from 'node:child_process'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { forwardSignals } from '../forward-signals.ts'
import type { Terminal } from '../terminal.ts'
import type { EmulatorProcess } from './emulator-process.ts'

/** Runs a command in the service's environment and passes its exit code on. */
export async function runInside(
  terminal: Terminal,
  emulator: EmulatorProcess,
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(program, args, { env: { ...terminal.env, ...variables }, stdio: 'inherit' })
  const ended = waitForEnd(child, terminal)
  const stopForwarding = forwardSignals(child)
  let isServiceGone = false
  void emulator.exited.then(() => {
    isServiceGone = true
    child.kill('SIGTERM')
  })
  const exitCode = await ended
  stopForwarding()
  if (!isServiceGone) return exitCode
  terminal.say('The service has ended, and the command was stopped')
  return exitCodes.unavailable
}

function waitForEnd(child: ChildProcess, terminal: Terminal): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      terminal.say(`${child.spawnfile} cannot be run: ${error.message}`)
      resolve(exitCodes.commandNotFound)
    })
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)))
  })
}
