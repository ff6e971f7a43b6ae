import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalBackend } from 'graupel'
import { afterAll, beforeAll, describe } from 'vitest'
import { testFileNames } from '../suites/file-names.ts'
import { useBench } from '../suites/home.ts'
import { makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-names-${crypto.randomUUID()}`
const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('in containers', () => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel names (images) '))
    await makeImage(image, ['sh', 'mkdir', 'cat', 'find', 'wc', 'ln', 'test', 'touch', 'echo'])
  })

  afterAll(async () => {
    await removeImage(image)
    await rm(folder, { recursive: true, force: true })
  })

  const bench = useBench({ name: 'LocalBackend', open: async () => new LocalBackend({ tmpDir: folder, cpus: 2 }) })
  testFileNames({
    ...bench,
    newBatch: (options) => bench.newBatch({ defaultImage: image, defaultShell: '/bin/sh', ...options }),
  })
})
