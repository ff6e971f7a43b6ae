import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildProgram, readLogEnd, startProgram } from './child-program.ts'
import { type Environment, findEmulatorPrograms } from './emulator-programs.ts'
import { findFreePorts } from './free-port.ts'
import type { Watchdog } from './watchdog.ts'

export interface JavaEmulatorOptions {
  readonly env: Environment
  /** Logs are written here. */
  readonly folder: string
  readonly watchdog: Watchdog
  /** Largest heap of the Firestore emulator. Default 4 GiB, or half of the machine's memory if that is less. */
  readonly firestoreHeapMiB?: number
}

export interface JavaEmulators {
  /** `127.0.0.1:port`, the form of `FIRESTORE_EMULATOR_HOST`. */
  readonly firestoreHost: string
  readonly pubsubHost: string
  /** Resolves, with how, when one of them ends that was not asked to. */
  readonly crashed: Promise<string>
  stop(): Promise<void>
}

const readyTimeoutMs = 90_000
const stopGraceMs = 3000
/** They live for minutes and share the cores with the jobs: thorough compilation and parallel collection never pay off. */
const jvmFlags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

/** @throws EmulatorMissingError if Java or an emulator is not on this machine */
export async function startJavaEmulators(options: JavaEmulatorOptions): Promise<JavaEmulators> {
  const programs = await findEmulatorPrograms(options.env)
  const [firestorePort = 0, pubsubPort = 0] = await findFreePorts(2)
  const heapMiB = options.firestoreHeapMiB ?? Math.min(4096, Math.floor(totalmem() / 2 ** 21))
  const start = (name: string, args: readonly string[], port: number) =>
    startEmulator({ name, port, watchdog: options.watchdog, program: { ...base, args, logPath: logOf(name) } })
  const logOf = (name: string) => join(options.folder, `${name}.log`)
  const base = { program: programs.java, env: options.env }
  const started = [
    start(
      'firestore',
      [...jvmFlags, `-Xmx${heapMiB}m`, ...programs.firestore, ...addressArguments(firestorePort)],
      firestorePort,
    ),
    start('pubsub', [...jvmFlags, '-Xmx512m', ...programs.pubsub, ...addressArguments(pubsubPort)], pubsubPort),
  ]
  const stop = async () => void (await Promise.all(started.map((emulator) => emulator.running.stop(stopGraceMs))))
  try {
    await Promise.all(started.map((emulator) => emulator.ready))
  } catch (error) {
    await stop()
    throw error
  }
  const crashed = Promise.race(started.map((emulator) => emulator.running.exited))
  return { firestoreHost: `127.0.0.1:${firestorePort}`, pubsubHost: `127.0.0.1:${pubsubPort}`, crashed, stop }
}

const addressArguments = (port: number): string[] => ['--host=127.0.0.1', `--port=${port}`]

interface EmulatorStart {
  readonly name: string
  readonly port: number
  readonly program: ChildProgram
  readonly watchdog: Watchdog
}

function startEmulator(options: EmulatorStart) {
  const running = startProgram(options.program, options.watchdog)
  return { running, ready: waitUntilReady(options, running.exited) }
}

/** It is ready when it answers on its port. */
async function waitUntilReady({ name, port, program }: EmulatorStart, exited: Promise<string>): Promise<void> {
  const giveUpAt = Date.now() + readyTimeoutMs
  let end: string | undefined
  void exited.then((how) => {
    end = how
  })
  while (!(await answers(port))) {
    if (end === undefined && Date.now() < giveUpAt) await sleep(50)
    else {
      const what = end ?? `no answer on 127.0.0.1:${port} within ${readyTimeoutMs / 1000} s`
      throw new Error(`the ${name} emulator did not start: ${what}\n${await readLogEnd(program.logPath)}`)
    }
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}
