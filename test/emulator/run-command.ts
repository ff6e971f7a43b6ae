import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export interface RunningCommand {
  readonly child: ChildProcess
  /** So far. */
  readonly printed: { readonly stdout: string; readonly stderr: string }
  /** All that it prints on its two streams, when it has ended. */
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>
  /** Resolves with what it has printed so far when it is ready. */
  readonly ready: Promise<string>
}

/** The emulator's program with a worker that does nothing. */
export const startEmulator = (env: NodeJS.ProcessEnv = {}): RunningCommand =>
  startNode(
    [
      fromRoot('functions/src/emulator/main.ts'),
      '--watch-input',
      '--worker',
      fromRoot('test/emulator/fixtures/idle-worker.js'),
    ],
    env,
  )

/** `graupel emulate` around a command. */
export const startEmulate = (command: readonly string[], flags: readonly string[] = []): RunningCommand =>
  startNode([fromRoot('client/src/cli/main.ts'), 'emulate', ...flags, '--', ...command], {})

function startNode(args: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, ...printed }))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed.stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      printed.stderr += chunk
      if (printed.stderr.includes('The service is ready')) resolve(printed.stdout)
    })
    void ended.then(() => reject(new Error(`it was never ready: ${printed.stderr}`)))
  })
  // Who does not wait for it is told by how it ended.
  ready.catch(() => {})
  return { child, printed, ended, ready }
}

/** True while something answers there. */
export async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/** The value that a program printed for a variable. */
export function variableIn(text: string, name: string): string {
  const found = new RegExp(`^${name}=(.*)$`, 'm').exec(text)
  if (found?.[1] === undefined) throw new Error(`${name} is not in: ${text}`)
  return found[1]
}
