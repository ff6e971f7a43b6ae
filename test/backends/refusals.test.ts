import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Batch, LocalBackend } from 'graupel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** What only `run` can know to be wrong: each adds its mistake to a batch that has a sound job too. */
const mistakes: Record<string, { make: (batch: Batch) => void; code: string; message: string }> = {
  'a circle of jobs': {
    make: (batch) => {
      const first = batch.newJob({ name: 'first' }).command`true`
      const second = batch.newJob({ name: 'second', dependsOn: first }).command`true`
      first.dependsOn(second)
    },
    code: 'E_CYCLIC_DEPENDENCY',
    message: "Jobs depend on each other in a circle: 'first' → 'second' → 'first'; remove one of these dependencies",
  },
  'a file that nobody makes': {
    make: (batch) => {
      const maker = batch.newJob({ name: 'maker' }).command`true`
      batch.newJob({ name: 'reader' }).command`cat ${maker.output('never')}`
    },
    code: 'E_UNDEFINED_RESOURCE',
    message:
      "The file 'never' of job 'maker' is needed, but none of its commands mentions it; write it where the command makes the file.",
  },
  'an input that is not there': {
    make: (batch) => void batch.newJob({ name: 'reader' }).command`cat ${batch.readInput('/nowhere/at/all.txt')}`,
    code: 'E_INVALID_BATCH',
    message: "The input /nowhere/at/all.txt of job 'reader' is not there; check its name.",
  },
  'a script that is too large': {
    make: (batch) => void batch.newJob({ name: 'big' }).command(`echo ${'x'.repeat(65 * 2 ** 20)}`),
    code: 'E_INVALID_BATCH',
    message:
      "Job 'big' has a script with its list of files of 65.0 MiB, more than 64.0 MiB. Put large data into a file and pass it with readInput.",
  },
  'two files for one destination': {
    make: (batch) => {
      const job = batch.newJob({ name: 'two', outputs: ['a', 'b'] })
      job.command`touch ${job.out.a} ${job.out.b}`
      batch.writeOutput(job.out.a, '/tmp/one')
      batch.writeOutput(job.out.b, '/tmp/one')
    },
    code: 'E_INVALID_BATCH',
    message:
      'JobResourceFile(two › a) and JobResourceFile(two › b) are both written to file:///tmp/one; give each a destination of its own.',
  },
}

describe('a run refuses, before anything runs,', () => {
  let folder: string
  let backend: LocalBackend

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-refusals-'))
    backend = new LocalBackend({ tmpDir: folder })
  })

  afterAll(async () => {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(Object.entries(mistakes))('%s', async (_, { make, code, message }) => {
    const batch = new Batch({ name: 'refused', backend })
    const mark = join(folder, 'ran')
    batch.newJob({ name: 'sound' }).command`touch ${mark}`
    make(batch)
    await expect(batch.run({ progress: false })).rejects.toMatchObject({ code, message })
    expect(existsSync(mark)).toBe(false)
  })
})
