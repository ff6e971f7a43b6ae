import {
  MemoryEventBus,
  MemoryFleet,
  MemoryStore,
  noLimits,
  readWorker,
  sweep,
  sweepTask,
  systemClock,
  workerWrite,
} from 'graupel/engine'
import { newWorkerRecord } from 'graupel/kernel'
import { poolId, workerIdOn } from 'graupel/model'
import { expect, test } from 'vitest'
import { hiddenMachines } from '../../client/src/engine/hidden-machines.ts'

const spot = poolId('spot')
const startedAt = Date.UTC(2026, 10, 1)
const minuteMs = 60_000
const workerOn = (machine: string) => newWorkerRecord(workerIdOn(machine, startedAt), spot, startedAt, 3 * minuteMs)

/** A cloud of which a part does not answer. */
class DarkFleet extends MemoryFleet {
  isDark = true
  readonly removed: string[] = []

  constructor() {
    super({ launch: () => undefined, remove: () => undefined }, systemClock)
  }

  hides(): boolean {
    return this.isDark
  }

  override async remove(name: string): Promise<void> {
    this.removed.push(name)
  }
}

test('machines of live workers that may have been left out count, as large as what would be taken', () => {
  const fleet = new DarkFleet()
  const [hidden, listed, gone] = ['a', 'b', 'c'].map((name) => workerOn(name))
  if (hidden === undefined || listed === undefined || gone === undefined) throw new Error('three were made')
  const workers = [hidden, listed, { ...gone, state: 'lost' as const }]
  const known = { name: 'b', pool: spot, createdAt: 1, state: 'running', cpuMillis: 2000, dollarsPerHour: 0.1 } as const
  const size = { cpuMillis: 16_000, dollarsPerHour: 0.3 }
  expect(hiddenMachines(fleet, workers, [known], size)).toEqual([
    { name: 'a', pool: spot, createdAt: startedAt, state: 'running', ...size },
  ])
  fleet.isDark = false
  expect(hiddenMachines(fleet, workers, [known], size)).toEqual([])
})

test('a silent worker whose machine may only be hidden is lost late, and its machine left alone', async () => {
  let now = startedAt
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  bus.attach(0, async () => {})
  const fleet = new DarkFleet()
  const worker = workerOn('graupel-spot-1')
  await store.commit([workerWrite(worker, 'absent')])
  const log = { info: () => undefined, warn: () => undefined }
  const tasks = { enqueue: async () => 'created' as const }
  const clock = { now: () => now, sleep: systemClock.sleep }
  const sweepAfter = async (ms: number) => {
    now += ms
    await sweep({ store, bus, tasks, clock, log, fleet, deployedLanes: 1, limits: noLimits }, sweepTask(now))
    return (await readWorker(store, worker.id))?.record.state
  }
  expect(await sweepAfter(5 * minuteMs)).toBe('active')
  expect(fleet.removed).toEqual([])
  expect(await sweepAfter(12 * minuteMs)).not.toBe('active')
  await bus.close()
})

test('a silent worker is lost at once when all of the cloud answers and has no such machine', async () => {
  const fleet = new DarkFleet()
  fleet.isDark = false
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const worker = workerOn('graupel-spot-1')
  await store.commit([workerWrite(worker, 'absent')])
  const now = startedAt + 5 * minuteMs
  const log = { info: () => undefined, warn: () => undefined }
  const tasks = { enqueue: async () => 'created' as const }
  const clock = { now: () => now, sleep: systemClock.sleep }
  await sweep({ store, bus, tasks, clock, log, fleet, deployedLanes: 1, limits: noLimits }, sweepTask(now))
  expect((await readWorker(store, worker.id))?.record.state).not.toBe('active')
  await bus.close()
})
