import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalBackend } from 'graupel'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { containerDeaths, deathPrograms, testDeaths } from '../suites/causes.ts'
import { quiet, runAnyway, useBench } from '../suites/home.ts'
import { imageOf } from './served-image.ts'
import { archiveOf, docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'
import { TinyRegistry } from './tiny-registry.ts'

const image = `graupel-causes-${crypto.randomUUID()}`
const shell = '/bin/sh'
const reason = await reasonToSkip()
const patience = { timeout: 60_000, interval: 50 }

describe.skipIf(reason !== undefined)('in containers', () => {
  const registry = new TinyRegistry()
  let host = ''
  let foreign = ''
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-causes-'))
    await makeImage(image, deathPrograms)
    host = await registry.listen()
    foreign = `${host}/foreign-${crypto.randomUUID()}:v1`
    const content = imageOf({ archive: await archiveOf(['sh']), architecture: 's390x' })
    registry.add(foreign.slice(host.length + 1, -':v1'.length), 'v1', content)
  })

  afterAll(async () => {
    registry.close()
    await removeImage(image)
    await removeImage(foreign)
    await rm(folder, { recursive: true, force: true })
  })

  const extraDockerRunFlags = ['--pids-limit=32']
  const open = async () => new LocalBackend({ tmpDir: folder, cpus: 2, extraDockerRunFlags })
  const bench = useBench({ name: 'LocalBackend', open })
  testDeaths(bench, 'a job', containerDeaths(image))
  testDeaths(bench, 'a job', [
    {
      cause: 'a fork bomb',
      options: { image, shell },
      script: 'while :; do sleep 60 & done',
      state: 'Failed',
      exitCode: 2,
      reasons: [/command failed with exit code 2/],
    },
  ])

  test.each([
    ['an image that does not exist', () => `${host}/no/such:image`, /no\/such:image does not exist/],
    ['an image for another machine', () => foreign, /made for linux\/s390x/],
  ] as const)('a job dies of %s', async (cause, imageOf, message) => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: cause, image: imageOf(), retry: 3 }).command`true`
    const run = await runAnyway(batch)
    const reason = expect.stringMatching(new RegExp(`image could not be used.*${message.source}`))
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', attempt: 1, reason })
  })

  test('a job dies of SIGKILL from outside', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'victim', image, shell, memory: '64Mi' }).command`echo ready; sleep 60`
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
