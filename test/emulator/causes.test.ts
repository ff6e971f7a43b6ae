import { ServiceBackend } from 'graupel'
import { describe } from 'vitest'
import { fillMemory, processDeaths, testDeaths } from '../suites/causes.ts'
import { useBench } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

describe.skipIf(emulatorsMissing)(`on the service${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ workers: 1, env: { ...process.env, GRAUPEL_EXPLAIN_MS: '0' } })
  const open = async () => new ServiceBackend({}, service.env())
  const bench = useBench({ name: 'ServiceBackend', open })
  testDeaths(bench, 'a job without image', (path) => processDeaths({ path, fillMemory }))
})
