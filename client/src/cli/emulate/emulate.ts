import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { type EmulatorProcess, startEmulatorProcess } from './emulator-process.ts'
import { runInside } from './run-inside.ts'

export interface EmulateOptions {
  /** Empty: the service runs until Ctrl-C. */
  readonly command: readonly string[]
  /** The emulator's program and its arguments. */
  readonly program: string
  readonly args: readonly string[]
}

/** Starts the service, runs the command in its environment, and stops the service whatever happens. */
export async function emulate(terminal: Terminal, options: EmulateOptions): Promise<number> {
  const emulator = startEmulatorProcess(terminal.env, options)
  try {
    const variables = await emulator.ready
    if (variables === undefined) return exitCodes.unavailable
    if (options.command.length > 0) return await runInside(terminal, emulator, options.command, variables)
    terminal.print(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    )
    return await waitForSignal(emulator)
  } finally {
    await emulator.stop()
  }
}

async function waitForSignal(emulator: EmulatorProcess): Promise<number> {
  const signal = new Promise<number>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(exitCodes.success))
  })
  return Promise.race([signal, emulator.exited.then(() => exitCodes.unavailable)])
}
