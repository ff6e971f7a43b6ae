import { ServiceBackend } from 'graupel'
import { afterAll, beforeAll, describe } from 'vitest'
import { makeImage, reasonToSkip, removeImage } from '../docker/tiny-image.ts'
import { containerDeaths, deathPrograms, processDeaths, testDeaths } from '../suites/causes.ts'
import { useBench } from '../suites/home.ts'
import { emulatorsMissing } from './emulated-clients.ts'
import { shareService } from './shared-service.ts'

const image = `graupel-deaths-${crypto.randomUUID()}`
const dockerMissing = await reasonToSkip()

describe.skipIf(emulatorsMissing)(`on the service${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService({ workers: 1, env: { ...process.env, GRAUPEL_EXPLAIN_MS: '0' } })
  const open = async () => new ServiceBackend({}, service.env())
  const bench = useBench({ name: 'ServiceBackend', open })
  testDeaths(bench, 'a job without image', processDeaths)

  describe.skipIf(dockerMissing !== undefined)('with images', () => {
    beforeAll(() => makeImage(image, deathPrograms))
    afterAll(() => removeImage(image))
    testDeaths(bench, 'a job in a container', containerDeaths(image))
  })
})
