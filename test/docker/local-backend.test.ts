import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Batch, concatenate, LocalBackend } from 'graupel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-local-${crypto.randomUUID()}`
const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('LocalBackend with images', () => {
  let folder: string
  let backend: LocalBackend

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel local (images) '))
    backend = new LocalBackend({ tmpDir: folder })
    await makeImage(image, ['sh', 'cat', 'tr', 'test'])
  })

  afterAll(async () => {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
    await removeImage(image)
  })

  test('jobs with and without an image pass files on to each other', async () => {
    const input = join(folder, 'in put.txt')
    await writeFile(input, 'hello\n')
    const batch = new Batch({ name: 'images', backend, defaultShell: '/bin/sh' })
    const inside = batch.newJob({ name: 'inside', image, outputs: ['loud'] })
    inside.command`test ! -e /etc/debian_version; tr a-z A-Z < ${batch.readInput(input)} > ${inside.out.loud}`
    const outside = batch.newJob({ name: 'outside', outputs: ['text'] })
    outside.command`cat ${inside.out.loud} ${inside.out.loud} > ${outside.out.text}`
    const again = batch.newJob({ name: 'again', image, outputs: ['text'] })
    again.command`cat ${outside.out.text} > ${again.out.text}`
    batch.writeOutput(again.out.text, join(folder, 'out.txt'))
    await batch.run({ progress: false })
    expect(await readFile(join(folder, 'out.txt'), 'utf8')).toBe('HELLO\nHELLO\n')
  })

  test('files are concatenated in an image that has a shell and cat alone', async () => {
    const batch = new Batch({ name: 'concatenate', backend })
    const files = ['one', 'two', 'three'].map((word) => {
      const job = batch.newJob({ name: word, outputs: ['text'] })
      job.command`echo ${word} > ${job.out.text}`
      return job.out.text
    })
    batch.writeOutput(concatenate(batch, files, { image, branchingFactor: 2 }), join(folder, 'all.txt'))
    await batch.run({ progress: false })
    expect(await readFile(join(folder, 'all.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  })

  test('a shell that the image does not have ends the job as Error, by name', async () => {
    const batch = new Batch({ backend })
    const job = batch.newJob({ name: 'no-bash', image, shell: '/bin/bash' }).command`true`
    const run = await batch.run({ progress: false, throwOnFailure: false })
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', reason: expect.stringContaining('/bin/bash') })
  })
})
