import {
  batchWrite,
  chunkWrite,
  createEngine,
  MemoryEventBus,
  MemoryFleet,
  MemoryStore,
  noLimits,
  readBatch,
  readShards,
  shardWrite,
  sweep,
  sweepTask,
  systemClock,
} from 'graupel/engine'
import { newBatchRecord, newShardRecord } from 'graupel/kernel'
import { batchId, type PlanChunk } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { expect, onTestFinished, test, vi } from 'vitest'
import { template } from './batch-fixtures.ts'

const log = { info: () => undefined, warn: () => undefined }
const id = batchId('abandoned1')
const lanes = { count: 1, deployed: 1 }
const dayMs = 24 * 3_600_000
const chunk: PlanChunk = {
  shard: 0,
  firstJob: 1,
  templates: [template({})],
  jobs: [{ template: 0, detail: { object: 'x' }, parents: [] }],
  inPorts: [],
  outPorts: [],
  reportsFailures: false,
}

/** A client that has written all of a batch, and dies before the last step. */
async function writeBatch(store: MemoryStore, createdAt: number): Promise<void> {
  const place = { user: 'u', root: 'memory:///r', lanes, planHash: 'h' } as const
  const given = { id, name: undefined, attributes: {}, cancelAfterNFailures: undefined, callback: undefined }
  const first = { token: 't', jobs: 1, shards: 1, planHash: 'h' }
  const record = newBatchRecord({ ...given, ...place, deleteScratch: false, scratch: 'kept', createdAt }, first)
  const shard = newShardRecord({ ...place, batch: id, projection: 'all' }, chunk, createdAt)
  await store.commit([batchWrite(record, 'absent'), chunkWrite(id, 'h', chunk), shardWrite(shard, 'absent')])
}

test('a batch that is not submitted within a week is deleted, and what is left of it is to go', async () => {
  let now = Date.UTC(2026, 10, 1)
  const clock = { now: () => now, sleep: systemClock.sleep }
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const tasks = { enqueue: async () => 'created' as const }
  const shared = { store, bus, clock, log, tasks, deployedLanes: 1 }
  const engine = createEngine({ ...shared, lane: 0, objects: new MemoryObjectStore(), serviceKey: 'key' })
  bus.attach(0, (message) => engine.deliver(message))
  onTestFinished(async () => {
    await engine.close()
    await bus.close()
  })
  const fleet = new MemoryFleet({ launch: () => undefined, remove: () => undefined }, clock)
  const sweepNow = () => sweep({ ...shared, fleet, limits: noLimits }, sweepTask(now))
  await writeBatch(store, now)

  now += 6 * dayMs
  await sweepNow()
  await bus.idle()
  expect((await readBatch(store, id))?.record.isDeleting).toBe(false)

  now += 2 * dayMs
  await sweepNow()
  await vi.waitFor(async () => expect(await readShards(store, id)).toEqual([]), { timeout: 20_000 })
  expect((await readBatch(store, id))?.record.isDeleting).toBe(true)

  now += dayMs
  await sweepNow()
  const over = { isDeleting: false, expireAt: now + 7 * dayMs }
  await vi.waitFor(async () => expect((await readBatch(store, id))?.record).toMatchObject(over), { timeout: 20_000 })
})
