import type { Effect } from 'graupel/kernel'
import { workerId } from 'graupel/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StopOrders } from '../../client/src/engine/stop-orders.ts'
import { StopWaits } from '../../client/src/engine/stop-waits.ts'
import { VirtualClock } from '../execution/worker/virtual-clock.ts'
import { oneShard } from '../kernel/small-plans.ts'

const ann = workerId('ann.1')
const bob = workerId('bob.1')
const { record } = oneShard([{ parents: [] }, { parents: [] }])

let clock: VirtualClock
let orders: StopOrders
let waits: StopWaits

beforeEach(() => {
  clock = new VirtualClock()
  orders = new StopOrders()
  waits = new StopWaits({ clock, maxListening: 2 }, orders)
})

afterEach(async () => {
  await clock.pass(60_000)
  expect(clock.sleeping, 'timers that are left').toBe(0)
})

/** Whether the worker was there to hear it. */
function order(worker: typeof ann, job: number): boolean {
  const effect: Effect = { kind: 'stopAttempt', key: `stop:${job}:1`, worker, job, attempt: 1 }
  orders.add(record, [effect])
  return waits.tell(worker)
}

const jobsOf = async (reply: ReturnType<StopWaits['wait']>) => (await reply).stops.map(({ job }) => job)

test('a worker that waits is told at once what is for it, and of that alone', async () => {
  const asked = waits.wait({ worker: ann, waitMs: 60_000 })
  expect(order(bob, 2)).toBe(false)
  expect(order(ann, 1)).toBe(true)
  expect(await jobsOf(asked)).toEqual([1])
})

test('an order that came before is told without a wait, once', async () => {
  order(ann, 1)
  expect(await jobsOf(waits.wait({ worker: ann, waitMs: 60_000 }))).toEqual([1])
  const again = waits.wait({ worker: ann, waitMs: 1000 })
  await clock.pass(1000)
  expect(await again).toEqual({ stops: [], retryAfterMs: 0 })
})

test('an order is kept for the next request when its worker has hung up', async () => {
  const gone = new AbortController()
  const asked = waits.wait({ worker: ann, waitMs: 60_000 }, gone.signal)
  gone.abort()
  order(ann, 1)
  await expect(asked).rejects.toThrow('no longer waits')
  expect(await jobsOf(waits.wait({ worker: ann, waitMs: 60_000 }))).toEqual([1])
})

test('of two requests of a worker the newer one is answered with its orders', async () => {
  const old = waits.wait({ worker: ann, waitMs: 60_000 })
  const newer = waits.wait({ worker: ann, waitMs: 60_000 })
  expect(await jobsOf(old)).toEqual([])
  order(ann, 1)
  expect(await jobsOf(newer)).toEqual([1])
})

test('those who find no place are told when to come again, and all when the instance closes', async () => {
  const asked = [ann, bob].map((worker) => waits.wait({ worker, waitMs: 60_000 }))
  await expect(waits.wait({ worker: workerId('cid.1'), waitMs: 60_000 })).resolves.toEqual({
    stops: [],
    retryAfterMs: 60_000,
  })
  waits.close()
  for (const one of asked) expect(await jobsOf(one)).toEqual([])
  expect((await waits.wait({ worker: ann, waitMs: 60_000 })).retryAfterMs).toBe(60_000)
})
