import { isActive, newWorkerRecord, reduceWorker, type WorkerEvent } from 'graupel/kernel'
import { batchId, type GrantRef, poolId, shardId, type WorkerRecord } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { ann } from './small-plans.ts'

const leaseMs = 1000
const fresh = newWorkerRecord(ann, poolId('spot'), 5000, leaseMs)
const grantOf = (shard: number, job: number): GrantRef => ({
  batch: batchId('smallbatch'),
  shard: shardId(shard),
  job,
  attempt: 1,
})
const granted = (request: number, ...grants: GrantRef[]): WorkerEvent => ({
  type: 'granted',
  request,
  grants,
  at: 6000,
  leaseMs,
})
const told = (record: WorkerRecord, ...events: WorkerEvent[]): WorkerRecord => events.reduce(reduceWorker, record)

test('a new worker is active and holds nothing', () => {
  expect(fresh).toMatchObject({
    version: 1,
    state: 'active',
    renewedUntil: 6000,
    shards: [],
    lastRequest: 0,
    grants: [],
  })
  expect(isActive(fresh)).toBe(true)
})

describe('a grant', () => {
  test('is remembered with its request, so that a repeated request gets the same answer', () => {
    const grants = [grantOf(3, 7), grantOf(3, 8), grantOf(0, 1)]
    expect(told(fresh, granted(4, ...grants))).toMatchObject({
      version: 2,
      lastRequest: 4,
      grants,
      shards: ['smallbatch/3', 'smallbatch/0'],
      renewedUntil: 7000,
    })
  })

  test('adds its shards to those that the worker held before, each once', () => {
    const record = told(fresh, granted(1, grantOf(3, 7)), granted(2, grantOf(1, 1)), granted(3, grantOf(3, 8)))
    expect(record.shards).toEqual(['smallbatch/3', 'smallbatch/1'])
    expect(record.grants).toEqual([grantOf(3, 8)])
  })

  test.each(['left', 'fellSilent', 'cleared'] as const)('is refused once the worker %s', (type) => {
    const record = told(fresh, { type })
    expect(reduceWorker(record, granted(1, grantOf(0, 1)))).toBe(record)
    expect(isActive(record)).toBe(false)
  })

  test.each([1, 2])('is refused for request %i when request 2 has been answered', (request) => {
    const record = told(fresh, granted(2, grantOf(0, 1)))
    expect(reduceWorker(record, granted(request, grantOf(5, 1)))).toBe(record)
  })
})

describe('a sign of life', () => {
  test('renews the lease, and never shortens it', () => {
    const seen = told(fresh, { type: 'seen', at: 9000, leaseMs })
    expect(seen).toMatchObject({ version: 2, renewedUntil: 10_000 })
    expect(told(seen, { type: 'seen', at: 8000, leaseMs }).renewedUntil).toBe(10_000)
    expect(told(seen, granted(1)).renewedUntil).toBe(10_000)
  })

  test('of a worker that was given up does not bring it back', () => {
    const lost = told(fresh, { type: 'fellSilent' })
    expect(reduceWorker(lost, { type: 'seen', at: 1e9, leaseMs })).toBe(lost)
  })
})

describe('its states', () => {
  const moves: [WorkerEvent['type'] & ('left' | 'fellSilent' | 'cleared'), WorkerRecord['state']][] = [
    ['left', 'leaving'],
    ['fellSilent', 'lost'],
    ['cleared', 'gone'],
  ]

  test('only go forwards: leaving, lost, gone', () => {
    for (const [rank, [type, state]] of moves.entries()) {
      const record = told(fresh, { type })
      expect(record).toMatchObject({ version: 2, state })
      for (const [earlier] of moves.slice(0, rank + 1)) expect(reduceWorker(record, { type: earlier })).toBe(record)
      for (const [later, next] of moves.slice(rank + 1)) expect(reduceWorker(record, { type: later }).state).toBe(next)
    }
  })
})

describe('shards in which it holds nothing any more', () => {
  test('are taken off its list, in every state', () => {
    const record = told(fresh, granted(1, grantOf(3, 7), grantOf(1, 1)), { type: 'fellSilent' })
    expect(told(record, { type: 'emptied', shards: ['smallbatch/3'] }).shards).toEqual(['smallbatch/1'])
  })

  test('that are not on it change nothing', () => {
    expect(reduceWorker(fresh, { type: 'emptied', shards: ['smallbatch/3'] })).toBe(fresh)
  })
})

test('the record of a worker that is gone is to go a week after its last sign of life, and no sooner', () => {
  const gone = told(fresh, granted(1, grantOf(0, 1)), { type: 'fellSilent' }, { type: 'cleared' })
  expect(gone.expireAt).toBe(7000 + 7 * 24 * 3_600_000)
  expect(reduceWorker(gone, { type: 'cleared' })).toBe(gone)
  expect(told(fresh, { type: 'fellSilent' }).expireAt).toBeUndefined()
})
