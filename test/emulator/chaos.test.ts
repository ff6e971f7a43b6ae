import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningBatch, ServiceBackend } from 'graupel'
import { decodeBatch, decodeShard, paths, type Store, storedJobSchema } from 'graupel/engine'
import { FirestoreStore } from 'graupel/google'
import { addCounts, batchId, countStates } from 'graupel/model'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { quiet, statesOf } from '../suites/home.ts'
import { connectFirestore, emulatorsMissing } from './emulated-clients.ts'
import { processesOf } from './processes-of.ts'
import { makeRandomBatch, type RandomBatch } from './random-batch.ts'
import { shareService } from './shared-service.ts'

const seed = Number(process.env.GRAUPEL_CHAOS_SEED ?? randomInt(2 ** 31))
const size = Number(process.env.GRAUPEL_CHAOS_JOBS ?? 2000)
const kills = 5
/** A job that was under way in every kill has lost so many attempts. */
const mostAttempts = kills + 2

describe.skipIf(emulatorsMissing)(`chaos${emulatorsMissing ? ` (${emulatorsMissing})` : ''}`, () => {
  // Hooks run in the opposite order: this one when the service has been closed.
  afterAll(() => vi.waitFor(async () => expect(await processesOf(service.project)).toEqual([]), 10_000))
  const service = shareService({ deliveries: 2 })

  test(`a batch ends as it must though workers are killed and all is told twice (GRAUPEL_CHAOS_SEED=${seed})`, async () => {
    console.log(`GRAUPEL_CHAOS_SEED=${seed}`)
    await using backend = new ServiceBackend({}, service.env())
    const random = makeRandomBatch(seed, size, { backend })
    const run = await random.batch.run({ ...quiet, wait: false })
    const killed = await killWhileRunning(run, service.workerProcesses)
    expect(killed).toBe(kills)
    expect(await statesOf(run)).toEqual(random.endings)
    const firestore = connectFirestore(service.project)
    try {
      const store = new FirestoreStore(firestore)
      await checkCounts(store, run)
      await checkAttempts(store, run, random)
    } finally {
      await firestore.terminate()
    }
  })
})

/** Kills a worker outright each time another part of the jobs has ended; resolves at the end of the batch. */
async function killWhileRunning(run: RunningBatch, workers: () => readonly number[]): Promise<number> {
  for (let killed = 0; ; ) {
    const { state, counts } = await run.status()
    if (state !== 'open' && state !== 'running') return killed
    const ended = counts.success + counts.failed + counts.error + counts.cancelled
    const [victim] = workers()
    if (victim !== undefined && killed < kills && ended > (killed * size) / (kills + 1)) {
      process.kill(victim, 'SIGKILL')
      killed++
    }
    await sleep(500)
  }
}

/** What the batch says of its jobs is what its shards say, counted again; and nobody holds anything. */
async function checkCounts(store: Store, run: RunningBatch): Promise<void> {
  const [found] = await store.read([paths.batch(batchId(run.id))])
  if (found === undefined) throw new Error('there is no record of the batch')
  const record = decodeBatch(found.document)
  const stored = await store.query({ kind: 'collection', path: paths.shardsOf(record.id), limit: 100 })
  const shards = stored.map(({ document }) => decodeShard(document))
  expect(shards.map(({ counts }) => counts)).toEqual(shards.map(({ states }) => countStates(states)))
  expect(record.counts).toEqual(shards.map(({ counts }) => counts).reduce(addCounts))
  expect((await run.status()).counts).toEqual(record.counts)
  expect(shards.flatMap(({ leases }) => Object.values(leases))).toEqual([])
}

async function checkAttempts(store: Store, run: RunningBatch, random: RandomBatch): Promise<void> {
  const path = paths.jobsOf(batchId(run.id))
  const documents = await vi.waitFor(async () => {
    const found = await store.query({ kind: 'collection', path, limit: size + 1 })
    const jobs = found.map(({ document }) => storedJobSchema.parse(document))
    expect(Object.fromEntries(jobs.map(({ name, state }) => [name, state]))).toEqual(random.endings)
    return jobs
  }, 10_000)
  for (const { name = '', state, attempt = 0, attempts = {} } of documents) {
    const successes = Object.values(attempts).filter(({ cause }) => cause === 'success')
    expect(successes.length, `successes of ${name}`).toBe(state === 'Success' ? 1 : 0)
    expect(attempt, `attempts of ${name}`).toBeGreaterThanOrEqual(random.leastAttempts[name] ?? 0)
    expect(attempt, `attempts of ${name}`).toBeLessThanOrEqual(state === 'Cancelled' ? 0 : mostAttempts)
  }
}
