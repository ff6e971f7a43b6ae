import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Batch, ServiceBackend } from 'graupel'
import { afterAll, describe, expect, test } from 'vitest'
import { quiet } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const workerProgram = fileURLToPath(new URL('fixtures/crashes-twice.ts', import.meta.url))

/** Less than the time for which a machine that nobody has seen counts as booting. */
const patienceMs = 100_000

describe.skipIf(emulatorsMissing)(
  `a worker that crashes as it starts${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'graupel-crashes-'))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    const service = shareService({ workerProgram, workers: 1, env: { ...process.env, GRAUPEL_TEST_FOLDER: folder } })

    test(
      'is replaced at the next look, not when it might have booted',
      async () => {
        await using backend = new ServiceBackend({}, service.env())
        const batch = new Batch({ backend, defaultMemory: '64Mi' })
        batch.newJob().command`true`
        expect((await (await batch.run(quiet)).status()).state).toBe('success')
      },
      patienceMs,
    )
  },
)
