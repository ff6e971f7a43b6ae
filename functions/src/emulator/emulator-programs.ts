import { execFile } from 'node:child_process'
import { access, readdir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where the two emulators are on this machine, and what runs them. */
export interface EmulatorPrograms {
  readonly java: string
  /** Arguments of Java up to the program's own. */
  readonly firestore: readonly string[]
  readonly pubsub: readonly string[]
}

/** A program that the emulated service needs is not on this machine. */
export class EmulatorMissingError extends Error {
  override readonly name = 'EmulatorMissingError'
}

const firestoreMain = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore'

/**
 * Looks in `FIRESTORE_EMULATOR_JAR` and `PUBSUB_EMULATOR_JAR`, then in the Google Cloud SDK, then where firebase-tools
 * keeps its emulators.
 * @throws EmulatorMissingError saying how to get what is missing
 */
export async function findEmulatorPrograms(env: Environment): Promise<EmulatorPrograms> {
  const sdk = await findSdk(env)
  const cache = env.FIREBASE_EMULATORS_PATH ?? join(homedir(), '.cache', 'firebase', 'emulators')
  const java = await findJava(env)
  const firestore = (await findFirestore(env, sdk, cache)) ?? missing('Firestore', 'firestore')
  const pubsub = (await findPubSub(env, sdk, cache)) ?? missing('Pub/Sub', 'pubsub')
  return { java, firestore, pubsub: ['-jar', pubsub] }
}

function missing(emulator: string, name: string): never {
  throw new EmulatorMissingError(
    `the ${emulator} emulator is not on this machine: fetch it with \`npx firebase-tools@15 setup:emulators:${name}\`, or ` +
      `set ${name.toUpperCase()}_EMULATOR_JAR to its jar`,
  )
}

async function findJava(env: Environment): Promise<string> {
  const java = env.JAVA_HOME === undefined ? 'java' : join(env.JAVA_HOME, 'bin', 'java')
  try {
    await promisify(execFile)(java, ['-version'], { env })
    return java
  } catch (error) {
    const message = `the emulators need Java 17 or later, and \`${java} -version\` fails: install a JRE or set JAVA_HOME`
    throw new EmulatorMissingError(message, { cause: error })
  }
}

async function findFirestore(env: Environment, sdk: string | undefined, cache: string) {
  if (env.FIRESTORE_EMULATOR_JAR !== undefined) return firestoreArguments(env.FIRESTORE_EMULATOR_JAR)
  const inSdk =
    sdk === undefined ? undefined : join(sdk, 'platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar')
  if (inSdk !== undefined && (await exists(inSdk))) return firestoreArguments(inSdk)
  const cached = await newestIn(cache, /^cloud-firestore-emulator-v.*\.jar$/)
  return cached === undefined ? undefined : ['-jar', cached]
}

/** The SDK's jar names no main class; a jar from firebase-tools has the same one. */
const firestoreArguments = (jar: string): string[] => ['-Duser.language=en', '-cp', jar, firestoreMain]

async function findPubSub(env: Environment, sdk: string | undefined, cache: string): Promise<string | undefined> {
  if (env.PUBSUB_EMULATOR_JAR !== undefined) return env.PUBSUB_EMULATOR_JAR
  const allJar = /-all\.jar$/
  const inSdk = sdk && (await newestIn(join(sdk, 'platform', 'pubsub-emulator', 'lib'), allJar))
  if (inSdk) return inSdk
  const cached = await newestIn(cache, /^pubsub-emulator-[^/]*[0-9]$/)
  return cached && newestIn(join(cached, 'pubsub-emulator', 'lib'), allJar)
}

/** The folder of the SDK is found through `gcloud`, without running it: that takes seconds. */
async function findSdk(env: Environment): Promise<string | undefined> {
  if (env.CLOUDSDK_ROOT_DIR !== undefined) return env.CLOUDSDK_ROOT_DIR
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const gcloud = join(folder, 'gcloud')
    if (await exists(gcloud)) return dirname(dirname(await realpath(gcloud)))
  }
  return undefined
}

async function newestIn(folder: string, pattern: RegExp): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => [])
  const byVersion = new Intl.Collator('en', { numeric: true })
  const newest = names
    .filter((name) => pattern.test(name))
    .sort(byVersion.compare)
    .at(-1)
  return newest && join(folder, newest)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
