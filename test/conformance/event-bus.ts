import type { EventBus } from 'graupel/engine'
import { batchId, type LaneMessage, shardId } from 'graupel/model'
import { expect, test, vi } from 'vitest'

export interface BusUnderTest {
  readonly bus: EventBus
  /** From now on the lane's messages go to `handler`; a rejection brings a message again. */
  attach(lane: number, handler: (message: LaneMessage) => Promise<void>): void
}

const patienceMs = 20_000

const messageAbout = (shard: number): LaneMessage => ({
  deliveries: [{ batch: batchId('abcdefgh'), shard: shardId(shard), events: [{ event: { type: 'batchStarted' } }] }],
})

/** What the engine relies on, whatever carries the events. `makeBus` gives a bus of two lanes, new for each test. */
export function describeEventBus(makeBus: () => Promise<BusUnderTest>): void {
  test('a message arrives at its lane as it was sent, and at no other', async () => {
    const { bus, attach } = await makeBus()
    const seen: [number, LaneMessage][] = []
    for (const lane of [0, 1]) attach(lane, async (message) => void seen.push([lane, message]))
    await bus.publish(1, messageAbout(7))
    await vi.waitFor(() => expect(seen).toEqual([[1, messageAbout(7)]]), patienceMs)
  })

  test('every one of many messages arrives', async () => {
    const { bus, attach } = await makeBus()
    const seen = new Set<string>()
    attach(0, async (message) => void seen.add(JSON.stringify(message)))
    await Promise.all(Array.from({ length: 50 }, (_, shard) => bus.publish(0, messageAbout(shard))))
    await vi.waitFor(() => expect(seen.size).toBe(50), patienceMs)
  })

  test('a message comes again until its handler succeeds', async () => {
    const { bus, attach } = await makeBus()
    let tries = 0
    attach(0, async () => {
      tries++
      if (tries < 3) throw new Error('not yet')
    })
    await bus.publish(0, messageAbout(1))
    await vi.waitFor(() => expect(tries).toBe(3), patienceMs)
  })

  test('a message that keeps failing does not hold the others up', async () => {
    const { bus, attach } = await makeBus()
    const seen = new Set<string>()
    attach(0, async (message) => {
      const text = JSON.stringify(message)
      if (text === JSON.stringify(messageAbout(0))) throw new Error('never')
      seen.add(text)
    })
    for (const shard of [0, 1, 2]) await bus.publish(0, messageAbout(shard))
    await vi.waitFor(() => expect(seen.size).toBe(2), patienceMs)
  })

  test('a message may be published from within a handler', async () => {
    const { bus, attach } = await makeBus()
    const seen: LaneMessage[] = []
    attach(0, () => bus.publish(1, messageAbout(2)))
    attach(1, async (message) => void seen.push(message))
    await bus.publish(0, messageAbout(1))
    await vi.waitFor(() => expect(seen).toEqual([messageAbout(2)]), patienceMs)
  })
}
