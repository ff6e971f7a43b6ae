import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Batch, LocalBackend, python } from 'graupel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPython, makePythonImage } from './python-base.ts'
import { makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-python-${crypto.randomUUID()}`
const bare = `graupel-no-python-${crypto.randomUUID()}`
const reason = await reasonToSkip()
const found = await findPython()

describe.skipIf(reason !== undefined || found === undefined)('Python functions in a container', () => {
  let folder: string
  let backend: LocalBackend

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel python (images) '))
    backend = new LocalBackend({ tmpDir: folder })
    if (found === undefined) throw new Error('there is no Python')
    await Promise.all([makePythonImage(image, found), makeImage(bare, ['sh'])])
  })

  afterAll(async () => {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
    await Promise.all([removeImage(image), removeImage(bare)])
  })

  test('need nothing in the image but Python, and pass values on to jobs without an image', async () => {
    const batch = new Batch({ name: 'images', backend, defaultPythonImage: image })
    const make = python`
      class Point:
          def __init__(self, x): self.x = x

      def make(path):
          import os
          with open(path, 'w') as file:
              file.write(os.getcwd())
          print('made', flush=False)
          return [os.path.exists('/bin/sh'), Point(3)]
    `
    const inside = batch.newPythonJob({ name: 'inside', outputs: ['folder'] })
    const made = inside.call(make, inside.out.folder)
    const outside = batch.newPythonJob({ name: 'outside', image: null })
    const read = python`def read(made, path): return [made[0], made[1].x, open(path).read()]`
    batch.writeOutput(outside.call(read, made, inside.out.folder).asJson(), join(folder, 'read.json'))
    const run = await batch.run({ progress: false })
    expect(JSON.parse(await readFile(join(folder, 'read.json'), 'utf8'))).toEqual([false, 3, `/io/batch/${run.id}`])
    expect(await run.job(inside).log()).toBe('made\n')
  })

  test('fail with their exception', async () => {
    const batch = new Batch({ backend })
    const job = batch.newPythonJob({ image })
    job.call(python`def fail(): raise LookupError('nothing there')`)
    const run = await batch.run({ progress: false, throwOnFailure: false })
    expect(await run.job(job).status()).toMatchObject({
      state: 'Failed',
      exitCode: 1,
      reason: expect.stringContaining('LookupError: nothing there'),
    })
    expect(await run.job(job).log()).toContain('File "<python fail>", line 1, in fail')
  })

  test('name an image that has no Python', async () => {
    const batch = new Batch({ backend })
    const job = batch.newPythonJob({ image: bare })
    job.call(python`def never(): pass`)
    const run = await batch.run({ progress: false, throwOnFailure: false })
    expect(await run.job(job).status()).toMatchObject({
      state: 'Error',
      reason: expect.stringContaining(
        `The job's functions need Python 3.8 or newer, which the image ${bare} does not have; choose another image`,
      ),
    })
  })
})
