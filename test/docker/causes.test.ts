import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalBackend } from 'graupel'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { commonDeaths, type Death, testDeaths } from '../suites/causes.ts'
import { quiet, useBench } from '../suites/home.ts'
import { FakeRegistry } from './fake-registry.ts'
import { archiveOf, docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-causes-${crypto.randomUUID()}`
const programs = ['sh', 'sleep', 'head', 'tail', 'test', 'touch', 'mkfifo']
const reason = await reasonToSkip()
const patience = { timeout: 60_000, interval: 50 }

describe.skipIf(reason !== undefined)('in containers', () => {
  const registry = new FakeRegistry()
  const foreign = { name: `foreign-${crypto.randomUUID()}`, image: '' }
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-causes-'))
    await makeImage(image, programs)
    await registry.start()
    foreign.image = registry.serve(foreign.name, 'v1', { archive: await archiveOf(['sh']), architecture: 's390x' })
  })

  afterAll(async () => {
    await registry.stop()
    await removeImage(image)
    await removeImage(foreign.image)
    await rm(folder, { recursive: true, force: true })
  })

  // The marks of jobs must lie where a container sees them: on one more volume.
  const extraDockerRunFlags = () => ['--pids-limit=32', '-v', `${folder}:/marks`]
  const open = async () => new LocalBackend({ tmpDir: folder, cpus: 2, extraDockerRunFlags: extraDockerRunFlags() })
  const bench = useBench({ name: 'LocalBackend', open })

  const containerDeaths = (): readonly Death[] => [
    ...commonDeaths({ path: (name) => `/marks/${name}`, fillMemory: 'tail /dev/zero' }),
    {
      cause: 'a fork bomb',
      script: 'while :; do sleep 60 & done',
      state: 'Failed',
      exitCode: 2,
      reasons: [/command failed with exit code 2/],
    },
    {
      cause: 'an image that does not exist',
      options: { image: `${registry.host}/no/such:image`, retry: 3 },
      script: 'true',
      state: 'Error',
      reasons: [/image could not be used.*no\/such:image does not exist/],
    },
    {
      cause: 'an image for another machine',
      options: { image: foreign.image, retry: 3 },
      script: 'true',
      state: 'Error',
      reasons: [/image could not be used.*made for linux\/s390x/],
    },
  ]
  const withImage = (death: Death): Death => ({ ...death, options: { image, shell: '/bin/sh', ...death.options } })
  testDeaths(bench, 'a job', () => containerDeaths().map(withImage))

  test('a job dies of SIGKILL from outside', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'victim', image, shell: '/bin/sh', memory: '64Mi' }).command`echo ready; sleep 60`
    const run = await batch.run({ ...quiet, wait: false })
    await vi.waitFor(async () => expect(await run.job(job).log()).toBe('ready\n'), patience)
    const found = await docker.listContainers({ filters: { ancestor: [image] } })
    expect(found).toHaveLength(1)
    for (const { Id } of found) await docker.getContainer(Id).kill()
    await run.wait({ throwOnFailure: false })
    expect(await run.job(job).status()).toMatchObject({
      state: 'Failed',
      exitCode: 137,
      attempt: 1,
      reason: expect.stringMatching(/exit code 137.*SIGKILL/),
    })
  })
})
