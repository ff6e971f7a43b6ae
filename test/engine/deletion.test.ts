import {
  batchWrite,
  commitBatchEvent,
  createEngine,
  MemoryEventBus,
  MemoryFleet,
  MemoryStore,
  noLimits,
  publishAll,
  readBatch,
  sweep,
  sweepTask,
  systemClock,
  toBatch,
} from 'graupel/engine'
import { batchId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { expect, onTestFinished, test } from 'vitest'
import { openBatch } from '../kernel/batch-records.ts'
import { specOf, submitFixture } from './batch-fixtures.ts'

const hourMs = 60 * 60_000
const log = { info: () => undefined, warn: () => undefined }

/** Files that cannot be deleted while it is stubborn. */
class StubbornObjects extends MemoryObjectStore {
  isStubborn = false

  override async delete(uri: string): Promise<void> {
    if (this.isStubborn) throw new Error('not now')
    await super.delete(uri)
  }
}

/** A batch that nobody works for. */
async function makeBed() {
  let now = Date.UTC(2026, 10, 1)
  const clock = { now: () => now, sleep: systemClock.sleep }
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const objects = new StubbornObjects()
  const shared = { store, bus, clock, log, deployedLanes: 1, tasks: { enqueue: async () => 'created' as const } }
  const engine = createEngine({ ...shared, lane: 0, objects, serviceKey: 'key' })
  bus.attach(0, (message) => engine.deliver(message))
  onTestFinished(async () => {
    await engine.close()
    await bus.close()
  })
  const fleet = new MemoryFleet({ launch: () => undefined, remove: () => undefined }, clock)
  const batch = await submitFixture(shared, specOf([{}]))
  const rest = async () => {
    await bus.idle()
    await engine.idle()
  }
  return {
    store,
    objects,
    batch,
    async remove(): Promise<void> {
      const record = await commitBatchEvent(shared, batch, { type: 'deleteRequested' })
      if (record !== undefined)
        await publishAll(bus, [toBatch(batch, record.lanes, [{ type: 'poked', resend: false }])])
      await rest()
    },
    async sweepAfter(ms: number): Promise<void> {
      now += ms
      await sweep({ ...shared, fleet, limits: noLimits }, sweepTask(now))
      await rest()
    },
    readRecord: async () => (await readBatch(store, batch))?.record,
  }
}

test('a deletion that breaks off is finished however late, and then the batch is no longer looked at', async () => {
  const bed = await makeBed()
  const file = `memory:///${bed.batch}/outputs/1`
  await bed.objects.write(file, 'kept for now')
  bed.objects.isStubborn = true
  await bed.remove()
  await bed.sweepAfter(5 * hourMs)
  expect(await bed.objects.stat(file)).toBeDefined()
  expect(await bed.readRecord()).toMatchObject({ isDeleting: true })

  bed.objects.isStubborn = false
  await bed.sweepAfter(60_000)
  expect(await bed.objects.stat(file)).toBeUndefined()
  expect(await bed.readRecord()).toMatchObject({ isDeleting: false, state: 'cancelled' })
  expect(await bed.store.query({ kind: 'liveBatches', limit: 10 })).toEqual([])
})

test('what is written within the hour after a deletion is deleted too', async () => {
  const bed = await makeBed()
  await bed.remove()
  const late = `memory:///${bed.batch}/outputs/late`
  await bed.objects.write(late, 'of an attempt that did not know')
  await bed.sweepAfter(60_000)
  expect(await bed.objects.stat(late)).toBeUndefined()
  expect(await bed.readRecord()).toMatchObject({ isDeleting: true })
  await bed.sweepAfter(hourMs)
  expect(await bed.readRecord()).toMatchObject({ isDeleting: false })
})

test('batches that were never submitted, however many, hide none from the sweep', async () => {
  const bed = await makeBed()
  const drafts = Array.from({ length: 1000 }, (_, index) => batchId(`draft${String(index).padStart(4, '0')}`))
  await bed.store.commit(drafts.map((id) => batchWrite(openBatch(1, { id }), 'absent')))
  await bed.remove()
  await bed.sweepAfter(hourMs + 60_000)
  expect(await bed.readRecord()).toMatchObject({ isDeleting: false })
})
