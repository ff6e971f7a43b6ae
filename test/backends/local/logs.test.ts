import { existsSync } from 'node:fs'
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Batch, InvalidBatchError, LocalBackend } from 'graupel'
import { expect, test } from 'vitest'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

/** A batch of one job that has printed something, and the folder of its logs. */
async function runOne() {
  const tmpDir = await makeFolder()
  const backend = new LocalBackend({ tmpDir })
  const batch = new Batch({ backend })
  const job = batch.newJob().command`echo hello`
  const run = await batch.run({ progress: false })
  const [home = ''] = await readdir(tmpDir)
  const logs = join(tmpDir, home, run.id, 'logs')
  return { run, job: run.job(job), logs, [Symbol.asyncDispose]: () => backend.close() }
}

test('a log that is too long for a text is refused before it is read, with what to do', async () => {
  await using one = await runOne()
  const piece = join(one.logs, '1/1/000000')
  await mkdir(join(piece, '..'), { recursive: true })
  await writeFile(piece, '')
  await truncate(piece, 600_000_000)
  const refused = await one.job.log().catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(InvalidBatchError)
  expect(String(refused)).toContain(
    `The log of job 1 of batch ${one.run.id} has 600000006 bytes, more than a text can hold: ` +
      `read its lines with log({ follow: true }), or write it to a file with 'graupel log ${one.run.id} 1'`,
  )
})

test('the logs of a batch go when it is deleted', async () => {
  await using one = await runOne()
  expect(await one.job.log()).toBe('hello\n')
  expect(existsSync(one.logs)).toBe(true)
  await one.run.delete()
  await expect.poll(() => existsSync(one.logs), { timeout: 10_000 }).toBe(false)
})
