import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EmulatedService, startEmulatedService } from './emulated-service.ts'

const options = {
  worker: { type: 'string' },
  folder: { type: 'string' },
  lanes: { type: 'string' },
  workers: { type: 'string' },
  'api-port': { type: 'string' },
  /** End when standard input ends: whoever started this program has gone. */
  'watch-input': { type: 'boolean' },
} as const

/** Data on standard output: the environment of the service, one variable a line, and an empty line when it is ready. */
function printVariables({ variables }: EmulatedService): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  process.stdout.write(`${lines.join('')}\n`)
}

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Resolves with the reason when somebody wants the service to end. */
function waitForEnd(watchInput: boolean): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
    if (!watchInput) return
    process.stdin.once('end', () => resolve('the end of its input')).resume()
    process.stdin.once('error', () => resolve('the end of its input'))
  })
}

/**
 * Emulators that somebody has started already, say for the Emulator UI, as the variables tell that mean so everywhere.
 * Their project is the user's, and what an earlier service has left in them must not be met.
 */
function runningEmulators(env: NodeJS.ProcessEnv) {
  const { FIRESTORE_EMULATOR_HOST: firestoreHost, PUBSUB_EMULATOR_HOST: pubsubHost } = env
  if (!firestoreHost || !pubsubHost) return {}
  say(`Using the emulators of Firestore at ${firestoreHost} and of Pub/Sub at ${pubsubHost}`)
  const topicPrefix = `graupel-${Date.now().toString(36)}`
  return { emulators: { firestoreHost, pubsubHost }, project: env.GRAUPEL_PROJECT, topicPrefix }
}

async function run(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.worker === undefined) throw new Error('--worker is missing: the path of the worker program')
  const end = waitForEnd(values['watch-input'] === true)
  const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'graupel-emulator-')))
  const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text))
  try {
    const service = await startEmulatedService({
      ...runningEmulators(process.env),
      env: process.env,
      folder,
      workerProgram: values.worker,
      lanes: numberOf(values.lanes),
      workers: numberOf(values.workers),
      apiPort: numberOf(values['api-port']),
    })
    return await serve(service, folder, end)
  } finally {
    if (values.folder === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function serve(service: EmulatedService, folder: string, end: Promise<string>): Promise<number> {
  try {
    printVariables(service)
    say(`The service is ready. Batches: ${service.variables.GRAUPEL_API_URL}/api/v1alpha/batches`)
    say(`Logs of the functions, emulators and workers: ${folder}`)
    const crash = service.crashed.then((how) => `a crash: ${how}`)
    const reason = await Promise.race([end, crash])
    say(`Stopping, because of ${reason}`)
    return reason.startsWith('a crash') ? 1 : 0
  } finally {
    await service.close()
  }
}

// Without credentials the client libraries would look for Google's metadata server.
process.env.METADATA_SERVER_DETECTION ??= 'none'
const exitCode = await run().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  return 1
})
// All is stopped; a connection that a library keeps must not keep the program.
process.exit(exitCode)
