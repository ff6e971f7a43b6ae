import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProcessFleet } from '@graupel/functions/emulator/process-fleet'
import { startWatchdog } from '@graupel/functions/emulator/watchdog'
import { systemClock } from 'graupel/engine'
import { afterEach, describe } from 'vitest'
import { describeFleet } from '../conformance/fleet.ts'

const program = fileURLToPath(new URL('fixtures/idle-worker.js', import.meta.url))

describe('machines that are processes', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  describeFleet(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'graupel-fleet-'))
    const watchdog = startWatchdog()
    const fleet = new ProcessFleet({
      args: [program],
      environmentOf: () => ({ PATH: process.env.PATH }),
      folder,
      capacity: { cpuMillis: 1000, memoryBytes: 2 ** 30, storageBytes: 2 ** 30 },
      watchdog,
      clock: systemClock,
      onGone: () => undefined,
    })
    ends.push(() => rm(folder, { recursive: true, force: true }))
    ends.push(() => watchdog.close())
    ends.push(() => fleet.close())
    return { fleet, settle: () => undefined }
  })
})
