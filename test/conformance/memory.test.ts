import { MemoryEventBus, MemoryFleet, MemoryStore, systemClock } from 'graupel/engine'
import { afterEach, describe } from 'vitest'
import { describeEventBus } from './event-bus.ts'
import { describeFleet } from './fleet.ts'
import { describeStore } from './store.ts'

describe('the store in memory', () => describeStore(async () => new MemoryStore()))

describe('the event bus in memory', () => {
  const open: MemoryEventBus[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()))
  })
  describeEventBus(async () => {
    const bus = new MemoryEventBus()
    open.push(bus)
    return { bus, attach: (lane, handler) => bus.attach(lane, handler) }
  })
})

describe('the fleet in memory', () =>
  describeFleet(async () => {
    const host = { launch: () => undefined, remove: () => undefined }
    return { fleet: new MemoryFleet(host, systemClock), settle: () => undefined }
  }))
