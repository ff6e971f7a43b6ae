import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import { Batch, type BatchOptions, LocalBackend } from 'graupel'
import { GcsObjectStore } from 'graupel/storage'
import { expect, onTestFinished, test, vi } from 'vitest'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { quiet, runAnyway } from '../../suites/home.ts'

const makeFolder = useTemporaryFolders()

/** A bucket whose requesters pay, with one object, and a program that reads and writes there. */
async function makeBench() {
  const server = await startObjectServer({ folder: await makeFolder() })
  vi.stubEnv('STORAGE_EMULATOR_HOST', server.url)
  const folder = await makeFolder()
  const backend = new LocalBackend({ cpus: 1, tmpDir: folder })
  onTestFinished(async () => {
    await backend.close()
    await server.close()
    vi.unstubAllEnvs()
  })
  const body = JSON.stringify({ name: 'paid', billing: { requesterPays: true } })
  await fetch(`${server.url}/storage/v1/b`, { method: 'POST', body })
  const store = new GcsObjectStore({ apiEndpoint: server.url, userProjectOf: () => 'owner' })
  await store.write('gs://paid/in/words', 'a b\n')
  const makeBatch = (options: BatchOptions) => {
    const batch = new Batch({ ...options, backend })
    const job = batch.newJob({ name: 'upper', outputs: ['out'] })
    job.command`tr a-z A-Z < ${batch.readInput('gs://paid/in/words')} > ${job.out.out}`
    batch.writeOutput(job.out.out, 'gs://paid/out/words')
    batch.writeOutput(job.out.out, join(folder, 'words'))
    return { batch, job }
  }
  return { store, folder, makeBatch }
}

test('the project of a batch pays for its inputs and outputs', async () => {
  const { store, folder, makeBatch } = await makeBench()
  await makeBatch({ requesterPaysProject: 'payer' }).batch.run(quiet)
  expect(String(Buffer.from(await store.read('gs://paid/out/words')))).toBe('A B\n')
  expect(await readFile(join(folder, 'words'), 'utf8')).toBe('A B\n')
})

test('without one, the job says that somebody must pay', async () => {
  const { makeBatch } = await makeBench()
  const { batch, job } = makeBatch({})
  job.retry({ infrastructure: 0 })
  const run = await runAnyway(batch)
  expect(await run.job(job).status()).toMatchObject({
    state: 'Error',
    reason: expect.stringContaining('requester pays bucket but no user project provided'),
  })
})
