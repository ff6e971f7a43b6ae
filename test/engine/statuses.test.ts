import { attemptStatusesOf, jobStatusOf, type StoredJob } from 'graupel/engine'
import { newShardRecord } from 'graupel/kernel'
import { batchId, type PlanChunk, type ShardRecord, workerId } from 'graupel/model'
import { expect, test } from 'vitest'

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

test('a job without a document has its state, name and attributes', () => {
  expect(jobStatusOf(job({ states: 'p' }))).toMatchObject({
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
  const status = jobStatusOf(job({ states: 'S', attempts: '01' }, late))
  expect(status).toMatchObject({ state: 'Success', worker: 'machine.1', endedAt: undefined, durationMs: undefined })
})

test('times and exit code of an earlier attempt are not those of the one in flight', () => {
  const earlier = { attempt: 1, worker: 'machine.1', startedAt: 1000, endedAt: 2000, exitCode: 7 }
  const status = jobStatusOf(job({ states: 'u', attempts: '02', leases: { 0: lease } }, earlier))
  expect(status).toMatchObject({ attempt: 2, worker: 'machine.2', startedAt: new Date(5000), exitCode: undefined })
})

test('a job that failed says why, from the record alone', () => {
  const ends = { 0: { cause: 'failed' as const, exitCode: 3 } }
  const status = jobStatusOf(job({ states: 'F', attempts: '01', ends }))
  expect(status).toMatchObject({ state: 'Failed', exitCode: 3 })
  expect(status.reason).toContain('exit code 3')
})

test('attempts that ended are told with the one in flight, oldest first', () => {
  const attempts = attemptStatusesOf(job({ states: 'u', leases: { 0: lease } }, { attempts: { 1: firstAttempt } }))
  expect(attempts.map(({ attempt, worker }) => [attempt, worker])).toEqual([
    [1, 'machine.1'],
    [2, 'machine.2'],
  ])
  expect(attempts[0]?.reason).toBe('its machine was taken away')
})

test('an attempt that has just ended is not told twice', () => {
  const ended = { ...firstAttempt, attempt: 2, worker: 'machine.2' }
  expect(attemptStatusesOf(job({ states: 'u', leases: { 0: lease } }, { attempts: { 2: ended } }))).toHaveLength(1)
})
