import {
  type Clock,
  type FleetServices,
  MemoryEventBus,
  MemoryStore,
  noLimits,
  provision,
  provisionTask,
  readShards,
  shardWrite,
  sweep,
  sweepTask,
  systemClock,
} from 'graupel/engine'
import { expect, test } from 'vitest'
import { specOf, submitFixture } from '../engine/batch-fixtures.ts'
import { type ComputeBed, makeComputeBed } from './compute-bed.ts'
import { spotPool } from './world-fixture.ts'

const log = { info: () => undefined, warn: () => undefined }

/** A deployment with a store of its own, whose forty jobs are ready for machines of the project that it shares. */
async function deploy({ hours, fleetOf }: ComputeBed, prefix: string) {
  const clock: Clock = { now: hours.now, sleep: systemClock.sleep }
  const store = new MemoryStore()
  const tasks = { enqueue: async () => 'created' as const }
  const fleet = fleetOf(prefix)
  const base = { store, bus: new MemoryEventBus(), tasks, fleet, clock, log, prefix, deployedLanes: 1 }
  const services: FleetServices = { ...base, limits: noLimits }
  const batch = await submitFixture(services, specOf(Array.from({ length: 40 }, () => ({}))), { isPoked: false })
  for (const shard of await readShards(store, batch)) {
    const counts = { ...shard.counts, pending: 0, ready: shard.states.length }
    const ready = { ...shard, states: 'r'.repeat(shard.states.length), counts, readyPools: [spotPool] }
    await store.commit([shardWrite(ready, 'any')])
  }
  return {
    fleet,
    tick: () => provision(services, provisionTask(spotPool, { isSpot: true }, hours.now())),
    sweep: () => sweep(services, sweepTask(hours.now())),
  }
}

test('two deployments in one project get machines of their own at one time, and remove no other', async () => {
  const bed = await makeComputeBed()
  // One prefix begins as the other.
  const own = await deploy(bed, 'graupel')
  const other = await deploy(bed, 'graupel-two')
  await Promise.all([own.tick(), other.tick()])
  bed.hours.pass(30_000)
  await Promise.all([own.tick(), other.tick()])
  const names = () => bed.world.instances.filter(({ status }) => status === 'RUNNING').map(({ name }) => name)
  const ofOther = names().filter((name) => name.startsWith('graupel-two-'))
  expect(ofOther).toHaveLength(3)
  expect(names()).toHaveLength(6)

  for (const name of ofOther) await own.fleet.remove(name)
  expect(names()).toHaveLength(6)
  // No agent has come up on any of them.
  bed.hours.pass(10 * 60_000)
  await own.sweep()
  expect(names()).toEqual(ofOther)
  await other.sweep()
  expect(names()).toEqual([])
})
