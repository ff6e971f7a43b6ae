import { spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'

/** The emulator as a process of its own. */
export interface EmulatorProcess {
  /** The environment of the service; `undefined` if it ended before it was ready, and said why. */
  readonly ready: Promise<Record<string, string> | undefined>
  readonly exited: Promise<void>
  /** Resolves when it has stopped all that it started. */
  stop(): Promise<void>
}

/** Longer than everything in the service may take to end. */
const stopLimitMs = 60_000

/** In a process group of its own, so that Ctrl-C reaches the command first, and the service ends after it. */
export function startEmulatorProcess(
  env: Readonly<Record<string, string | undefined>>,
  { program, args }: { readonly program: string; readonly args: readonly string[] },
): EmulatorProcess {
  const child = spawn(process.execPath, [program, '--watch-input', ...args], {
    env: { METADATA_SERVER_DETECTION: 'none', ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.on('error', () => {})
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  return {
    ready: readVariables(createInterface(child.stdout)),
    exited,
    async stop() {
      child.stdin.end()
      const force = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
      await exited
      clearTimeout(force)
    },
  }
}

/** `NAME=value` lines, up to an empty one. */
async function readVariables(lines: Interface): Promise<Record<string, string> | undefined> {
  const variables: Record<string, string> = {}
  for await (const line of lines) {
    if (line === '') return variables
    const end = line.indexOf('=')
    variables[line.slice(0, end)] = line.slice(end + 1)
  }
  return undefined
}
