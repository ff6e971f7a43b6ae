import { attemptStatusesOf, jobStatusOf, type StoredJob } from 'graupel/engine'
import { newShardRecord } from 'graupel/kernel'
import { batchId, type PlanChunk, type ShardRecord, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'

const template = {
  env: {},
  cpuMillis: 1000,
  memoryBytes: 0,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: { failed: 0, preempted: 20, infrastructure: 5, onDemandAfter: 3 },
}
const planned = { name: 'sort', attributes: { a: 'b' }, template: 0, detail: { object: 'x' }, parents: [] }
const chunk: PlanChunk = {
  shard: 0,
  firstJob: 1,
  templates: [template],
  jobs: [planned],
  inPorts: [],
  outPorts: [],
  reportsFailures: false,
}
const batch = {
  batch: batchId('abcdefgh'),
  user: 'u',
  root: 'memory:///r',
  lanes: { count: 1, deployed: 1 },
  planHash: 'h',
  projection: 'all' as const,
}

const job = (shard: Partial<ShardRecord>, document: StoredJob['document'] = undefined): StoredJob => ({
  shard: { ...newShardRecord(batch, chunk, 0), ...shard },
  index: 0,
  planned,
  document,
})

const lease = { attempt: 2, worker: workerId('machine.2'), request: 1, at: 0, startedAt: 5000 }
const firstAttempt = { attempt: 1, worker: 'machine.1', startedAt: 1000, endedAt: 2000, cause: 'preempted' } as const

/** Half an hour after the lease was given. */
const now = 1_800_000

test('a job without a document has its state, name and attributes', () => {
  expect(jobStatusOf(job({ states: 'p' }), now)).toMatchObject({
    id: 1,
    name: 'sort',
    attributes: { a: 'b' },
    state: 'Pending',
    attempt: 0,
    worker: undefined,
    startedAt: undefined,
  })
})

test('the state is the record, whatever a late document says', () => {
  const late = { version: 3, state: 'Running', attempt: 1, worker: 'machine.1', startedAt: 1000 } as const
  const status = jobStatusOf(job({ states: 'S', attempts: '01' }, late), now)
  expect(status).toMatchObject({ state: 'Success', worker: 'machine.1', endedAt: undefined, durationMs: undefined })
})

test('times and exit code of an earlier attempt are not those of the one in flight', () => {
  const earlier = { attempt: 1, worker: 'machine.1', startedAt: 1000, endedAt: 2000, exitCode: 7 }
  const status = jobStatusOf(job({ states: 'u', attempts: '02', leases: { 0: lease } }, earlier), now)
  expect(status).toMatchObject({ attempt: 2, worker: 'machine.2', startedAt: new Date(5000), exitCode: undefined })
})

test('a job that failed says why, from the record alone', () => {
  const ends = { 0: { cause: 'failed' as const, exitCode: 3 } }
  const status = jobStatusOf(job({ states: 'F', attempts: '01', ends }), now)
  expect(status).toMatchObject({ state: 'Failed', exitCode: 3 })
  expect(status.reason).toContain('exit code 3')
})

test('attempts that ended are told with the one in flight, oldest first', () => {
  const attempts = attemptStatusesOf(job({ states: 'u', leases: { 0: lease } }, { attempts: { 1: firstAttempt } }), now)
  expect(attempts.map(({ attempt, worker }) => [attempt, worker])).toEqual([
    [1, 'machine.1'],
    [2, 'machine.2'],
  ])
  expect(attempts[0]?.reason).toBe('its machine was taken away')
})

test('an attempt that has just ended is not told twice', () => {
  const ended = { ...firstAttempt, attempt: 2, worker: 'machine.2' }
  expect(attemptStatusesOf(job({ states: 'u', leases: { 0: lease } }, { attempts: { 2: ended } }), now)).toHaveLength(1)
})

test('an attempt in flight has cost what its part of the machine costs since it was given away, and its job the earlier ones too', () => {
  const priced = { ...lease, dollarsPerHour: 2 }
  const losses = { 0: { preempted: 1, spent: 0.25 } }
  const document = { attempt: 2, cost: 0.25, attempts: { 1: { ...firstAttempt, cost: 0.25 } } }
  const running = job({ states: 'u', attempts: '02', leases: { 0: priced }, losses }, document)
  expect(attemptStatusesOf(running, now).map(({ cost }) => cost)).toEqual([0.25, 1])
  expect(jobStatusOf(running, now).cost).toBe(1.25)
  expect(jobStatusOf(running, 2 * now).cost).toBe(2.25)
  // Between attempts, and with a document that is late or will not come.
  expect(jobStatusOf(job({ states: 'r', attempts: '01', losses }), now).cost).toBe(0.25)
})

test('a job that has ended costs what its document says, whenever one asks', () => {
  const attempts = { 1: { ...firstAttempt, cost: 0.25 } }
  const ended = job({ states: 'S', attempts: '01' }, { attempt: 1, cost: 0.25, attempts })
  expect(jobStatusOf(ended, now).cost).toBe(0.25)
  expect(attemptStatusesOf(ended, now).map(({ cost }) => cost)).toEqual([0.25])
})

describe('a job that waits says why, and since when', () => {
  const at = Date.UTC(2026, 10, 26, 10, 3)
  const reasonOf = (shard: Partial<ShardRecord>, more: Partial<StoredJob> = {}) =>
    jobStatusOf({ ...job(shard), ...more }, at).reason
  const held = { ...lease, at }

  test.each<[string, string | undefined, Partial<ShardRecord>, Partial<StoredJob>]>([
    ['for others that are not counted', 'it waits for jobs that it depends on', { states: 'p' }, {}],
    [
      'for some of those it depends on',
      'it waits for 3 of the 5 jobs that it depends on, since 2026-11-26 10:03 UTC',
      { states: 'p' },
      { parents: { open: 3, all: 5 }, submittedAt: at },
    ],
    [
      'for all of them',
      'it waits for the 5 jobs that it depends on',
      { states: 'p' },
      { parents: { open: 5, all: 5 } },
    ],
    ['for the only one', 'it waits for the job that it depends on', { states: 'p' }, { parents: { open: 1, all: 1 } }],
    ['for a worker', 'it waits for a worker', { states: 'r' }, {}],
    [
      'for a worker, as its document tells',
      'it waits for a worker, since 2026-11-26 10:03 UTC',
      { states: 'r' },
      { document: { state: 'Ready', readyAt: at } },
    ],
    [
      'before it is tried again',
      'it is tried again from 2026-11-26 10:04 UTC on, so that what failed it may pass',
      { states: 'r', notBefore: { 0: at + 60_000 } },
      {},
    ],
    ['no longer than that', 'it waits for a worker', { states: 'r', notBefore: { 0: at } }, {}],
    [
      'for its worker',
      'its worker fetches its files, or has no core free for it yet, since 2026-11-26 10:03 UTC',
      { states: 'c', leases: { 0: held } },
      {},
    ],
    [
      'for its image',
      'its worker fetches its image busybox and its files, or has no core free for it yet, since 2026-11-26 10:03 UTC',
      { states: 'c', leases: { 0: held } },
      { image: 'busybox' },
    ],
    ['not while it runs', undefined, { states: 'u', leases: { 0: held } }, {}],
    [
      'until it is stopped',
      'it is being cancelled: its worker stops it',
      { states: 'u', leases: { 0: { ...held, stopping: true } } },
      {},
    ],
  ])('%s', (_, sentence, shard, more) => {
    expect(reasonOf(shard, more)).toBe(sentence)
  })
})
