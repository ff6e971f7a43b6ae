import { MemoryEventBus, MemoryStore, readJob, readShards, shardWrite, systemClock } from 'graupel/engine'
import { expect, test } from 'vitest'
import { specOf, submitFixture } from './batch-fixtures.ts'

const at = Date.UTC(2026, 10, 26, 10, 3)
const clock = { now: () => at, sleep: systemClock.sleep }

/** A batch of three parts, whose last job depends on `parents`; of each part the jobs of `ended` have ended. */
async function reasonOfLast(parents: readonly number[], ended: readonly number[]): Promise<string | undefined> {
  const store = new MemoryStore()
  const jobs = 1_300
  const wishes = Array.from({ length: jobs }, (_, index) => (index === jobs - 1 ? { parents } : {}))
  const batch = await submitFixture({ store, bus: new MemoryEventBus(), clock }, specOf(wishes), { isPoked: false })
  const shards = await readShards(store, batch)
  expect(shards).toHaveLength(3)
  for (const shard of shards) {
    const letters = [...shard.states].map((_, index) => (ended.includes(shard.firstJob + index) ? 'S' : 'p'))
    await store.commit([shardWrite({ ...shard, states: letters.join('') }, 'any')])
  }
  return (await readJob(store, batch, jobs, at))?.reason
}

// Parents are counted from 0 in the specification, and jobs from 1.
test('a job says how many of its parents it still waits for, wherever they are', async () => {
  expect(await reasonOfLast([0, 1, 600, 601, 1290], [1, 601])).toBe(
    'it waits for 3 of the 5 jobs that it depends on, since 2026-11-26 10:03 UTC',
  )
})

test('and of parents that are all in its own part', async () => {
  expect(await reasonOfLast([1280, 1290], [1281])).toMatch(/^it waits for 1 of the 2 jobs that it depends on, since/)
})

test('and when it waits for all of them', async () => {
  expect(await reasonOfLast([0, 600], [])).toMatch(/^it waits for the 2 jobs that it depends on, since/)
})
