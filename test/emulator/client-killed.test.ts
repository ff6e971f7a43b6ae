import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Batch, type RunningBatch, ServiceBackend } from 'graupel'
import { FirestoreStore } from 'graupel/google'
import { describe, expect, onTestFinished, test } from 'vitest'
import { statesOf } from '../suites/home.ts'
import { connectFirestore, emulatorsMissing } from './emulated-clients.ts'
import { variableIn } from './run-command.ts'
import { shareService } from './shared-service.ts'

const program = fileURLToPath(new URL('fixtures/submit-and-stay.ts', import.meta.url))
const allSucceeded = { 'column 1': 'Success', 'column 2': 'Success', 'column 3': 'Success', join: 'Success' }

describe.skipIf(emulatorsMissing)(`a program that is killed${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  const service = shareService()

  test('amid its submission: nothing of it runs, and the same program run again completes it', async () => {
    const storage = await startSilentStorage()
    const client = await startClient('again', { STORAGE_EMULATOR_HOST: storage.url })
    await storage.asked
    await client.kill()
    const [record, ...others] = await batches('open')
    expect(others).toEqual([])
    const id = String(record?.document.id)
    expect(record?.document).toMatchObject({ state: 'open', jobs: 0, shards: 0 })
    expect(service.workerProcesses()).toEqual([])
    const again = await startClient('again')
    expect(variableIn(await again.firstWords, 'id')).toBe(id)
    await again.kill()
    const run = await find(id)
    expect((await run.wait()).state).toBe('success')
    await expectResult(run)
    expect(await batches('open')).toEqual([])
  })

  test('right after it has submitted: its batch ends all the same, and another program finds it', async () => {
    const client = await startClient('kept')
    const id = variableIn(await client.firstWords, 'id')
    await client.kill()
    const run = await find(id)
    expect((await run.status()).state).toBe('running')
    expect((await run.wait()).state).toBe('success')
    await expectResult(run)
  })

  async function find(id: string): Promise<RunningBatch> {
    const backend = new ServiceBackend({}, service.env())
    onTestFinished(() => backend.close())
    return (await Batch.fromBatchId(id, { backend })).run({ wait: false, progress: false })
  }

  async function expectResult(run: RunningBatch): Promise<void> {
    expect(await statesOf(run)).toEqual(allSucceeded)
    const join = run.job(4)
    expect((await join.wait()).exitCode).toBe(0)
    expect(await join.log()).toBe('one\nfour\ntwo\nfive\nthree\nsix\n')
    expect(await join.attempts()).toHaveLength(1)
  }

  async function batches(state: string) {
    const firestore = connectFirestore(service.project)
    try {
      const found = await new FirestoreStore(firestore).query({ kind: 'newestBatches', limit: 10 })
      return found.filter(({ document }) => document.state === state)
    } finally {
      await firestore.terminate()
    }
  }

  /** The first words are what it prints when it has submitted. */
  async function startClient(token: string, env: Readonly<Record<string, string>> = {}) {
    const input = join(service.folder(), 'words.txt')
    await writeFile(input, 'one two three\nfour five six\n')
    const child = spawn(process.execPath, [program, token, input], {
      env: { ...service.env(), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = once(child, 'close')
    const firstWords = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text))
    const kill = async () => {
      child.kill('SIGKILL')
      await closed
    }
    onTestFinished(kill)
    return { firstWords, kill }
  }
})

/** A storage that takes requests and never answers: who uploads to it stands still between two steps. */
async function startSilentStorage() {
  const server = createServer()
  const asked = once(server, 'request')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the storage does not listen')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}
