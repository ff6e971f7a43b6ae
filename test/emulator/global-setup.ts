import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmulatorMissingError } from '@graupel/functions/emulator/emulator-programs'
import { startJavaEmulators } from '@graupel/functions/emulator/java-emulators'
import { startWatchdog } from '@graupel/functions/emulator/watchdog'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The one pair of emulators of this test run; `missing` says why there is none. */
    emulators: { firestoreHost: string; pubsubHost: string } | { missing: string }
  }
}

/** One pair of emulators for all tests: each takes a project id of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-emulators-'))
  const watchdog = startWatchdog()
  const cleanUp = async () => {
    await watchdog.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { firestoreHost, pubsubHost } = await startJavaEmulators({
      env: process.env,
      folder,
      watchdog,
      firestoreHeapMiB: 1024,
    })
    project.provide('emulators', { firestoreHost, pubsubHost })
  } catch (error) {
    if (!(error instanceof EmulatorMissingError) || process.env.CI === 'true') {
      await cleanUp()
      throw error
    }
    console.warn(`Tests on the emulators are skipped: ${error.message}`)
    project.provide('emulators', { missing: error.message })
  }
  return cleanUp
}
