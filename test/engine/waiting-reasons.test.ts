import { batchWrite, encodeChunk, MemoryStore, readJob, shardWrite } from 'graupel/engine'
import { newBatchRecord, newShardRecord, reduceBatch } from 'graupel/kernel'
import { batchId, type PlanChunk, poolId } from 'graupel/model'
import { expect, test } from 'vitest'
import { newPool, poolWrite, type Waiting } from '../../client/src/engine/pool-record.ts'
import { template } from './batch-fixtures.ts'

const id = batchId('abcdefgh')
const lanes = { count: 1, deployed: 1 }
const chunk: PlanChunk = {
  shard: 0,
  firstJob: 1,
  templates: [template({})],
  jobs: [{ template: 0, detail: { object: 'x' }, parents: [] }],
  inPorts: [],
  outPorts: [],
  reportsFailures: false,
}
const place = { batch: id, user: 'u', root: 'memory:///r', lanes, planHash: 'h', projection: 'none' } as const

/** Why the one job of a batch waits, when its pool waits so. */
async function reasonOf(
  waiting: Waiting | undefined,
  paused?: string,
  held?: Readonly<Record<string, Waiting>>,
): Promise<string | undefined> {
  const store = new MemoryStore()
  const { batch: _, planHash, projection: __, ...rest } = place
  const open = newBatchRecord(
    {
      ...rest,
      id,
      name: undefined,
      attributes: {},
      cancelAfterNFailures: undefined,
      callback: undefined,
      deleteScratch: false,
      scratch: 'kept',
      createdAt: 0,
    },
    { token: 't', jobs: 1, shards: 1, planHash },
  )
  const batch = reduceBatch(open, [{ at: 0, event: { type: 'updateCommitted', token: 't' } }])
  const shard = newShardRecord(place, chunk, 0)
  const ready = { ...shard, states: 'r', readyPools: [poolId('spot')], ...(paused !== undefined && { paused }) }
  await store.commit([
    batchWrite(batch, 'absent'),
    shardWrite(ready, 'absent'),
    { kind: 'set', path: `batches/${id}/plan/h-0`, document: encodeChunk(chunk), expect: 'absent' },
    ...(waiting === undefined
      ? []
      : [poolWrite({ ...newPool(poolId('spot')), waiting, ...(held && { held }) }, undefined)]),
  ])
  return (await readJob(store, id, 1, since))?.reason
}

const since = Date.UTC(2026, 10, 26, 10, 3)

test('a ready job waits for a worker where nothing is known of machines', async () => {
  expect(await reasonOf(undefined)).toBe('it waits for a worker')
})

test('a ready job names the zones that are dry, and since when', async () => {
  const message = 'capacity: us-central1-a, us-central1-b have no n2 left'
  expect(await reasonOf({ cause: 'stockout', message, since })).toBe(
    `it waits for ${message}, since 2026-11-26 10:03 UTC`,
  )
})

test('a ready job names the quota that is reached', async () => {
  const message = 'a higher quota, or others to end: PREEMPTIBLE_CPUS in us-central1'
  expect(await reasonOf({ cause: 'quota', message, since })).toContain('PREEMPTIBLE_CPUS')
})

test('a ready job of a batch that has as much as it may have says so, and its pool does not matter', async () => {
  const message = 'others to end: the batch may have 8 cores at once'
  const boots = { cause: 'boot', message: 'a machine that is starting', since } as const
  expect(await reasonOf(boots, undefined, { [id]: { cause: 'limit', message, since } })).toBe(
    `it waits for ${message}, since 2026-11-26 10:03 UTC`,
  )
})

test('a job of a batch that pauses says that it has cost too much', async () => {
  const waiting = { cause: 'boot', message: 'a machine that is starting', since } as const
  expect(await reasonOf(waiting, 'the batch has cost $2.10 and may cost $2.00')).toBe(
    'it waits, because the batch has cost $2.10 and may cost $2.00',
  )
})
