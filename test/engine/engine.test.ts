import { createEngine, type Engine, readBatch } from 'graupel/engine'
import { type Assignment, type AttemptEnd, type BatchId, batchId, workerId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { afterEach, describe, expect, test } from 'vitest'
import { MemoryEventBus } from '../../client/src/engine/memory/memory-event-bus.ts'
import { MemoryStore } from '../../client/src/engine/memory/memory-store.ts'
import { systemClock } from '../../client/src/engine/memory/system-clock.ts'
import { type JobWish, specOf, submitFixture } from './batch-fixtures.ts'

const total = { cpuMillis: 2000, memoryBytes: 2 ** 40, storageBytes: 2 ** 40 }
const silent = { info: () => {}, warn: () => {} }

function home(lanes = 1) {
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const tasks = { enqueue: async () => 'created' as const }
  const engines = Array.from({ length: lanes }, (_, lane): Engine => {
    const engine = createEngine({
      lane,
      deployedLanes: lanes,
      store,
      bus,
      tasks,
      clock: systemClock,
      objects: new MemoryObjectStore(),
      serviceKey: 'key',
      log: { ...silent, warn: (fields, message) => console.warn(message, fields) },
      leaseMs: 60_000,
    })
    bus.attach(lane, (message) => engine.deliver(message))
    return engine
  })
  return { store, bus, engines, clock: systemClock }
}

type Home = ReturnType<typeof home>

/** Takes and ends jobs until the batch has ended. */
async function work(
  { engines, bus, store }: Home,
  id: BatchId,
  endOf: (assignment: Assignment) => AttemptEnd = () => ({ cause: 'success', exitCode: 0 }),
) {
  const worker = workerId('machine.1')
  const ran: number[] = []
  for (let request = 1; ; request++) {
    const engine = engines[request % engines.length]
    const reply = await engine?.lease({
      worker,
      request,
      free: total,
      total,
      maxJobs: 2,
      isEmpty: true,
      waitMs: 0,
      isLeaving: false,
      unconfirmed: [],
    })
    for (const assignment of reply?.assignments ?? []) {
      ran.push(assignment.job)
      const { batch, shard, job, attempt, token, lane } = assignment
      const event = { type: 'attemptEnded', job, attempt, worker, end: endOf(assignment) } as const
      await bus.publish(lane, { deliveries: [{ batch, shard, events: [{ event, token }] }] })
    }
    await bus.idle()
    const stored = await readBatch(store, id)
    if (stored?.record.endedAt !== undefined) return { ran, record: stored.record }
    if (request > 5000)
      throw new Error(
        `the batch stands still: ${JSON.stringify((await store.query({ kind: 'collection', path: `batches/${id}/shards`, limit: 9 })).map((f) => f.document))}`,
      )
  }
}

const open: Home[] = []
const opened = (lanes?: number) => {
  const made = home(lanes)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const { engines, bus } of open.splice(0)) {
    await bus.close()
    await Promise.all(engines.map((engine) => engine.close()))
  }
})

const layers = (width: number, depth: number): JobWish[] =>
  Array.from({ length: width * depth }, (_, index) =>
    index < width
      ? {}
      : { parents: Array.from({ length: width }, (__, parent) => Math.floor(index / width - 1) * width + parent) },
  )

describe('the engine', () => {
  test('runs a diamond to its end, each job once and parents first', async () => {
    const here = opened()
    const id = await submitFixture(here, specOf([{}, { parents: [0] }, { parents: [0] }, { parents: [1, 2] }]))
    const { ran, record } = await work(here, id)
    expect(ran[0]).toBe(1)
    expect(ran.at(-1)).toBe(4)
    expect(ran).toHaveLength(4)
    expect(record).toMatchObject({ state: 'success', counts: { success: 4 } })
  })

  test('carries edges between shards in several lanes', async () => {
    const here = opened(2)
    const id = await submitFixture(
      here,
      specOf([
        ...Array.from({ length: 1200 }, () => ({})),
        { parents: Array.from({ length: 1200 }, (_, index) => index) },
      ]),
      { deployedLanes: 2 },
    )
    const { ran, record } = await work(here, id)
    expect(new Set(ran).size).toBe(1201)
    expect(record).toMatchObject({ state: 'success', counts: { success: 1201 } })
  })

  test('cancels what follows a failure, but runs an always-run job', async () => {
    const here = opened()
    const id = await submitFixture(here, specOf([{}, { parents: [0] }, { parents: [1], alwaysRun: true }, {}]))
    const { ran, record } = await work(here, id, ({ job }) =>
      job === 1 ? { cause: 'failed', exitCode: 3 } : { cause: 'success' },
    )
    expect([...ran].sort()).toEqual([1, 3, 4])
    expect(record).toMatchObject({ state: 'failure', counts: { success: 2, failed: 1, cancelled: 1 } })
  })

  test('answers a repeated lease request with the same jobs', async () => {
    const here = opened()
    await submitFixture(here, specOf([{}, {}, {}]))
    await here.bus.idle()
    const request = {
      worker: workerId('machine.1'),
      request: 1,
      free: total,
      total,
      maxJobs: 2,
      isEmpty: true,
      waitMs: 0,
      isLeaving: false,
      unconfirmed: [],
    }
    const first = await here.engines[0]?.lease(request)
    const again = await here.engines[0]?.lease(request)
    expect(first?.assignments).toHaveLength(2)
    expect(again?.assignments).toEqual(first?.assignments)
  })

  test('wakes a waiting worker the moment work becomes ready', async () => {
    const here = opened()
    const waiting = here.engines[0]?.lease({
      worker: workerId('machine.1'),
      request: 1,
      free: total,
      total,
      maxJobs: 2,
      isEmpty: true,
      waitMs: 20_000,
      isLeaving: false,
      unconfirmed: [],
    })
    await submitFixture(here, specOf([{}]))
    expect((await waiting)?.assignments).toHaveLength(1)
  })

  test('drops events of a batch that is not there', async () => {
    const here = opened()
    const absent = batchId('absent00batch')
    await here.engines[0]?.deliver({
      deliveries: [{ batch: absent, events: [{ event: { type: 'poked', resend: true } }] }],
    })
  })

  test('goes through layers', async () => {
    const here = opened()
    const id = await submitFixture(here, specOf(layers(10, 20)))
    expect((await work(here, id)).record.counts.success).toBe(200)
  })
})
