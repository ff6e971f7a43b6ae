import { join } from 'node:path'
import type { LocalServers } from '../config.ts'
import type { CleanUp } from './clean-up.ts'
import type { Environment } from './emulator-programs.ts'
import { startJavaEmulators } from './java-emulators.ts'
import { startObjectServer } from './object-server/start-object-server.ts'
import { startTaskServer } from './task-server/start-task-server.ts'
import type { Watchdog } from './watchdog.ts'

export interface ServersOptions {
  readonly env: Environment
  readonly folder: string
  readonly bucket: string
  readonly watchdog: Watchdog
  /** Emulators that run already, and are left running. Default: a pair is started. */
  readonly emulators?: { readonly firestoreHost: string; readonly pubsubHost: string } | undefined
}

export type RunningServers = { readonly [K in keyof LocalServers]-?: string } & {
  /** Resolves, with how, when a server ends that should not. */
  readonly crashed: Promise<string>
}

/** The servers that stand in for Google's: Firestore, Pub/Sub, Cloud Storage, Cloud Tasks. */
export async function startServers(options: ServersOptions, cleanUp: CleanUp): Promise<RunningServers> {
  const objects = await startObjectServer({ folder: join(options.folder, 'objects'), buckets: [options.bucket] })
  cleanUp.add(() => objects.close())
  const tasks = await startTaskServer()
  cleanUp.add(() => tasks.close())
  const emulators = await startEmulators(options, cleanUp)
  const { firestoreHost, pubsubHost, crashed } = emulators
  return { firestoreHost, pubsubHost, crashed, storageUrl: objects.url, tasksHost: `127.0.0.1:${tasks.port}` }
}

async function startEmulators(options: ServersOptions, cleanUp: CleanUp) {
  if (options.emulators !== undefined) return { ...options.emulators, crashed: new Promise<string>(() => {}) }
  const emulators = await startJavaEmulators(options)
  cleanUp.add(() => emulators.stop())
  return emulators
}
