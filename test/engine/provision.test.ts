import {
  type FleetServices,
  MemoryEventBus,
  MemoryFleet,
  MemoryStore,
  noLimits,
  provision,
  provisionTask,
  readShards,
  shardWrite,
  systemClock,
} from 'graupel/engine'
import { poolId } from 'graupel/model'
import { expect, test } from 'vitest'
import { readPool } from '../../client/src/engine/pool-record.ts'
import { specOf, submitFixture } from './batch-fixtures.ts'

const log = { info: () => undefined, warn: () => undefined }
const capacity = { cpuMillis: 16_000, memoryBytes: 2 ** 36, storageBytes: 2 ** 40 }
const pools = [poolId('spot'), poolId('standard')] as const

/** A batch of which half the jobs are ready for each of two pools. */
async function makeBed(jobs: number, limits: FleetServices['limits']) {
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const fleet = new MemoryFleet({ launch: () => undefined, remove: () => undefined }, systemClock, capacity)
  const tasks = { enqueue: async () => 'created' as const }
  const services = { store, bus, tasks, fleet, clock: systemClock, log, deployedLanes: 1, limits }
  const spec = specOf(Array.from({ length: jobs }, () => ({})))
  const halves = spec.jobs.map((job, index) => ({ ...job, template: { ...job.template, spot: index % 2 === 0 } }))
  const batch = await submitFixture(services, { ...spec, jobs: halves }, { isPoked: false })
  for (const shard of await readShards(store, batch)) {
    const counts = { ...shard.counts, pending: 0, ready: shard.states.length }
    const ready = { ...shard, states: 'r'.repeat(shard.states.length), counts, readyPools: [...pools] }
    await store.commit([shardWrite(ready, 'any')])
  }
  const tick = (pool: (typeof pools)[number], at = Date.now()) =>
    provision(services, provisionTask(pool, { isSpot: pool === 'spot' }, at))
  return { store, fleet, bus, batch, tick }
}

test('a tick counts the jobs of its own pool, and launches machines that hold them', async () => {
  const { fleet, tick } = await makeBed(100, noLimits)
  await tick(pools[0])
  expect((await fleet.list()).map(({ pool }) => pool)).toEqual(['spot', 'spot', 'spot', 'spot'])
})

test('two ticks at one time do not both take the last room', async () => {
  const { fleet, tick } = await makeBed(100, { ...noLimits, deployment: { machines: 5 } })
  const both = await Promise.allSettled(pools.map((pool) => tick(pool)))
  // Whoever was slower fails, and Cloud Tasks calls it again.
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const pool of pools) await tick(pool)
  expect(await fleet.list()).toHaveLength(5)
})

test('a batch gets machines for no more cores than it may use', async () => {
  const { fleet, tick } = await makeBed(200, { ...noLimits, batch: { cpus: 20 } })
  await tick(pools[0])
  expect(await fleet.list()).toHaveLength(2)
})

test('a batch of many shards gets machines for no more cores than it may use', async () => {
  const { fleet, tick } = await makeBed(66 * 512, { ...noLimits, batch: { cpus: 20 } })
  await tick(pools[0])
  expect(await fleet.list()).toHaveLength(2)
})

test('a batch gets no more machines than it may have', async () => {
  const { store, fleet, tick } = await makeBed(200, { ...noLimits, batch: { machines: 3 } })
  await tick(pools[0])
  expect(await fleet.list()).toHaveLength(3)
  await tick(pools[0], Date.now() + 10_000)
  expect(await fleet.list()).toHaveLength(3)
  expect((await readPool(store, pools[0]))?.record.waiting?.cause).toBe('boot')
})

test('no machine is made for a batch that has cost as much as it may, and it pauses before the next sweep', async () => {
  const { store, fleet, bus, batch, tick } = await makeBed(100, { ...noLimits, dollarsPerBatch: 1 })
  const sent: string[] = []
  bus.attach(0, async (message) => {
    sent.push(...message.deliveries.flatMap(({ events }) => events.map(({ event }) => event.type)))
  })
  for (const shard of await readShards(store, batch)) await store.commit([shardWrite({ ...shard, spent: 1 }, 'any')])
  await tick(pools[0])
  await bus.idle()
  expect(await fleet.list()).toEqual([])
  expect(sent).toEqual(['pauseSet', 'pauseSet'])
})

test('a launch that is refused is told to the pool, and its room given back', async () => {
  const { store, fleet, tick } = await makeBed(100, { ...noLimits, deployment: { machines: 4 } })
  const launch = fleet.launch.bind(fleet)
  fleet.launch = async () => ({ kind: 'refused', cause: 'stockout', message: 'there are none', zones: ['here-a'] })
  await tick(pools[0])
  expect((await readPool(store, pools[0]))?.record.breakers).toMatchObject([{ cause: 'stockout', zones: ['here-a'] }])
  await tick(pools[0])
  expect((await readPool(store, pools[0]))?.record.waiting?.message).toBe('capacity: here-a has no local left')
  fleet.launch = launch
  await tick(pools[1])
  expect(await fleet.list()).toHaveLength(4)
})
