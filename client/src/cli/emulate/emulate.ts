import { exitCodes } from '../exit-codes.ts'
import { toJson } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { startEmulatorProcess } from './emulator-process.ts'
import { runInside } from './run-inside.ts'

export interface EmulateOptions {
  /** Empty: the service runs until Ctrl-C. */
  readonly command: readonly string[]
  /** The emulator's program and its arguments. */
  readonly program: string
  readonly args: readonly string[]
  /** Print the environment as JSON instead of a `NAME=value` a line. */
  readonly json: boolean
}

/** Starts the service, runs the command in its environment, and stops the service whatever happens. */
export async function emulate(terminal: Terminal, options: EmulateOptions): Promise<number> {
  // Listened to from the beginning: who reads that the service is ready may end it at once.
  const toldToEnd = options.command.length > 0 ? undefined : nextSignal()
  const emulator = startEmulatorProcess(terminal.env, options)
  try {
    const variables = await Promise.race([emulator.ready, ...(toldToEnd === undefined ? [] : [toldToEnd])])
    if (variables === undefined) return exitCodes.unavailable
    if (variables === 'signal') return exitCodes.success
    if (toldToEnd === undefined) return await runInside(terminal, emulator, options.command, variables)
    terminal.print(options.json ? toJson(variables) : toLines(variables))
    const exited = emulator.exited.then(() => exitCodes.unavailable)
    return await Promise.race([toldToEnd.then(() => exitCodes.success), exited])
  } finally {
    await emulator.stop()
  }
}

const toLines = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

function nextSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve('signal'))
  })
}
