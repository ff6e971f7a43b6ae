import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EmulatedService, startEmulatedService } from '@graupel/functions/emulator/emulated-service'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { emulatorsMissing, freshProject } from './emulated-clients.ts'

const workerProgram = fileURLToPath(new URL('../../worker-vm/src/main.ts', import.meta.url))
const small = { cpu: '0.25', memory: '128Mi' }
const patience = { timeout: 120_000, interval: 200 }

const bash = (job_id: number, script: string, more: object = {}) => ({
  job_id,
  process: { type: 'bash', script },
  resources: small,
  ...more,
})

const words = (name: string) => `gs://graupel/words/${name}`

describe.skipIf(emulatorsMissing)('jobs that are sent by HTTP to the emulated service', () => {
  let service: EmulatedService | undefined
  let folder = ''

  beforeAll(async () => {
    const emulators = inject('emulators')
    if ('missing' in emulators) throw new Error(emulators.missing)
    folder = await mkdtemp(join(tmpdir(), 'graupel-api-'))
    const parts = { env: process.env, folder, workerProgram, project: freshProject(), emulators }
    service = await startEmulatedService({ ...parts, lanes: 2, workers: 1 })
  })

  afterAll(async () => {
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${service?.variables.GRAUPEL_API_URL}/api/v1alpha${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    expect(response.status, JSON.stringify(answer)).toBe(200)
    return Object(answer)
  }

  const ended = (id: unknown) =>
    vi.waitFor(async () => {
      const batch = await send('GET', `/batches/${id}`)
      expect(batch.complete).toBe(true)
      return batch
    }, patience)

  test('run, pass files on and tell what they printed', async () => {
    const write = (number: number, word: string) =>
      bash(number, `echo ${word} > "$BATCH_TMPDIR/${word}"`, {
        output_files: [[`/io/batch/a1b2c3/${word}`, words(word)]],
      })
    const sort = bash(3, 'cat "$BATCH_TMPDIR/in/pear" "$BATCH_TMPDIR/in/apple" | sort', {
      in_update_parent_ids: [1, 2],
      input_files: ['pear', 'apple'].map((word) => [words(word), `/io/batch/a1b2c3/in/${word}`]),
      attributes: { name: 'sort' },
    })
    const batch = { n_jobs: 3, token: 'sorted words', billing_project: 'ours', attributes: { name: 'words' } }
    const request = { batch, bunch: [write(1, 'pear'), write(2, 'apple'), sort] }
    const { id } = await send('POST', '/batches/create-fast', request)
    expect(await send('POST', '/batches/create-fast', request)).toMatchObject({ id })
    expect(await ended(id)).toMatchObject({ state: 'success', n_jobs: 3, n_succeeded: 3 })
    expect(await send('GET', `/batches/${id}/jobs/3`)).toMatchObject({ name: 'sort', state: 'Success' })
    expect(await send('GET', `/batches/${id}/jobs/3/log`)).toEqual({ main: 'apple\npear\n' })
  })

  test('come in bunches, and end when their batch is cancelled', async () => {
    const { id, update_id } = await send('POST', '/batches/create', { n_jobs: 2, token: 'long sleep' })
    const update = `/batches/${id}/updates/${update_id}`
    await send('POST', `${update}/jobs/create`, [bash(2, 'true', { in_update_parent_ids: [1] })])
    await send('POST', `${update}/jobs/create`, [bash(1, 'echo begun; sleep 600')])
    expect(await send('PATCH', `${update}/commit`)).toMatchObject({ start_job_id: 1 })
    const isRunning = async () => expect(await send('GET', `/batches/${id}/jobs/1`)).toMatchObject({ state: 'Running' })
    await vi.waitFor(isRunning, patience)
    await send('PATCH', `/batches/${id}/cancel`)
    expect(await ended(id)).toMatchObject({ state: 'cancelled', n_cancelled: 2 })
  })
})
