import {
  createEngine,
  MemoryEventBus,
  MemoryFleet,
  MemoryStore,
  noLimits,
  readBatch,
  readBatchStatus,
  readJob,
  sweep,
  sweepTask,
  systemClock,
} from 'graupel/engine'
import { workerId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { expect, onTestFinished, test } from 'vitest'
import { specOf, submitFixture } from './batch-fixtures.ts'

const total = { cpuMillis: 2000, memoryBytes: 2 ** 40, storageBytes: 2 ** 40 }
const log = { info: () => undefined, warn: () => undefined }
const worker = workerId('machine.1')

/** A batch of three jobs on one lane, and a worker whose machine costs a dollar a second. */
async function makeBed() {
  let now = Date.UTC(2026, 10, 1)
  const clock = { now: () => now, sleep: systemClock.sleep }
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const shared = { store, bus, clock, log, deployedLanes: 1, tasks: { enqueue: async () => 'created' as const } }
  const objects = new MemoryObjectStore()
  const engine = createEngine({ ...shared, lane: 0, objects, serviceKey: 'key', dollarsPerHour: () => 3600 })
  bus.attach(0, (message) => engine.deliver(message))
  onTestFinished(async () => {
    await engine.close()
    await bus.close()
  })
  const fleet = new MemoryFleet({ launch: () => undefined, remove: () => undefined }, clock)
  const batch = await submitFixture(shared, specOf([{}, {}, {}]))
  await bus.idle()
  let request = 0
  return {
    store,
    batch,
    now: () => now,
    pass: (ms: number) => {
      now += ms
    },
    async lease(): Promise<number[]> {
      request += 1
      const machine = { type: 'n2-standard-2', zone: 'us-central1-a', isSpot: true }
      const ask = { worker, request, machine, free: total, total, maxJobs: 1, isEmpty: true, waitMs: 0 }
      const reply = await engine.lease({ ...ask, isLeaving: false, unconfirmed: [] })
      return reply.assignments.map(({ job }) => job)
    },
    async sweep(dollarsPerBatch: number): Promise<void> {
      await sweep({ ...shared, fleet, limits: { ...noLimits, dollarsPerBatch } }, sweepTask(now))
      await bus.idle()
    },
  }
}

test('a batch that has cost as much as it may pauses, says so, and goes on when it may cost more', async () => {
  const bed = await makeBed()
  expect(await bed.lease()).toEqual([1])
  bed.pass(3000)
  await bed.sweep(10)
  expect((await readJob(bed.store, bed.batch, 2, bed.now()))?.reason).toMatch(/^it waits for a worker/)

  // One of two cores for three seconds, at a dollar a second for both.
  expect((await readBatchStatus(bed.store, bed.batch, bed.now()))?.cost).toBeCloseTo(1.5, 9)
  await bed.sweep(1)
  const reason = 'the batch has cost $1.50 and may cost $1.00, since 2026-11-01 00:00 UTC'
  expect((await readJob(bed.store, bed.batch, 2, bed.now()))?.reason).toBe(`it waits, because ${reason}`)
  expect((await readBatch(bed.store, bed.batch))?.record.paused).toBe(reason)
  expect((await readBatchStatus(bed.store, bed.batch, bed.now()))?.state).toBe('running')
  expect(await bed.lease()).toEqual([])

  await bed.sweep(10)
  expect((await readBatch(bed.store, bed.batch))?.record.paused).toBeUndefined()
  expect(await bed.lease()).toEqual([2])
})
