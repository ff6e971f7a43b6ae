import { systemClock, WorkerLogs } from 'graupel/execution'
import { MemoryObjectStore } from 'graupel/storage'
import { expect, it } from 'vitest'
import type { Leavings } from '../../../client/src/execution/log/plan-packs.ts'
import { VirtualClock } from '../worker/virtual-clock.ts'

const root = 'memory:///b'

const leavings = (job: number): Leavings => ({
  root,
  job,
  attempt: 1,
  parts: [{ part: 'main', bytes: Buffer.from(`job ${job}`) }],
})

/** A store whose writes end when the test lets them. */
class SlowStore extends MemoryObjectStore {
  readonly pending: (() => void)[] = []

  override async write(...args: Parameters<MemoryObjectStore['write']>) {
    await new Promise<void>((resolve) => this.pending.push(resolve))
    return super.write(...args)
  }

  async uris(): Promise<string[]> {
    return (await Array.fromAsync(this.list(root))).map(({ uri }) => uri.slice(`${root}/logs/packs/`.length))
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('packs together what comes while it writes, and tells each when it is stored', async () => {
  const objects = new SlowStore()
  const logs = new WorkerLogs({ objects, clock: systemClock })
  const stored: number[] = []
  const store = async (job: number) => {
    await logs.store(leavings(job))
    stored.push(job)
  }
  const first = store(1)
  await turn()
  const others = [2, 3, 4].map(store)
  await turn()
  expect([objects.pending.length, stored]).toEqual([1, []])
  objects.pending.shift()?.()
  await first
  expect([stored, await objects.uris()]).toEqual([[1], ['1/1.1']])
  await turn()
  objects.pending.shift()?.()
  await Promise.all(others)
  expect(await objects.uris()).toEqual(['1/1.1', '1/2-4.1'])
  await logs.close()
})

it('does not let a write that hangs hold up those that come later', async () => {
  const objects = new SlowStore()
  const clock = new VirtualClock()
  const logs = new WorkerLogs({ objects, clock })
  const hanging = logs.store(leavings(1))
  await turn()
  const later = logs.store(leavings(2))
  await clock.pass(1000)
  expect(objects.pending.length).toBe(2)
  objects.pending.pop()?.()
  await later
  expect(await objects.uris()).toEqual(['1/2.1'])
  objects.pending.pop()?.()
  await hanging
  await clock.pass(1000)
  await logs.close()
})

it('waits for company only where ends follow each other closely', async () => {
  const objects = new MemoryObjectStore()
  const clock = new VirtualClock()
  const logs = new WorkerLogs({ objects, clock, lingerMs: 50 })
  await logs.store(leavings(1))
  const second = logs.store(leavings(2))
  await clock.pass(20)
  const third = logs.store(leavings(3))
  await clock.pass(100)
  await Promise.all([second, third])
  await clock.pass(1000)
  await logs.store(leavings(4))
  const uris = (await Array.fromAsync(objects.list(root))).map(({ uri }) => uri.slice(uri.lastIndexOf('/') + 1))
  expect(uris).toEqual(['1.1', '2-3.1', '4.1'])
})

it('tells everybody in a pack that it cannot be stored', async () => {
  const objects = new MemoryObjectStore()
  objects.write = async () => {
    throw new Error('no bucket')
  }
  const logs = new WorkerLogs({ objects, clock: systemClock, retryMs: 1 })
  const stores = [logs.store(leavings(1)), logs.store(leavings(2))]
  for (const outcome of await Promise.allSettled(stores))
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('no bucket') } })
  await logs.close()
})
