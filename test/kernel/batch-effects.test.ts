import { type BatchEffect, batchEffects, rememberBatchSent } from 'graupel/kernel'
import type { BatchRecord } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  broken,
  cancelAll,
  commit,
  deletion,
  finished,
  openBatch,
  poke,
  recordAfter,
  runningBatch,
  withReservation,
} from './batch-records.ts'

const keysOf = (record: BatchRecord): string[] => batchEffects(record).map((effect) => effect.key)
const told = (record: BatchRecord): BatchRecord => rememberBatchSent(record, batchEffects(record))
const kinds = (record: BatchRecord): BatchEffect['kind'][] => batchEffects(record).map((effect) => effect.kind)

describe('starting', () => {
  test('nothing follows from a batch that is not submitted', () => {
    expect(batchEffects(openBatch(2))).toEqual([])
  })

  test('a submitted batch arms the sweep and starts all its shards', () => {
    expect(batchEffects(runningBatch(3))).toEqual([
      { kind: 'armSweep', key: 'sweep:1:0' },
      { kind: 'startShards', key: 'start:1', token: 'first', shards: [0, 1, 2] },
    ])
  })

  test('once that is known to be told it is not told again, until someone misses it', () => {
    const record = told(runningBatch(2))
    expect(batchEffects(record)).toEqual([])
    expect(rememberBatchSent(record, [])).toBe(record)
    expect(keysOf(recordAfter(record, poke))).toEqual(['sweep:1:0', 'start:1'])
  })

  test('a poke that misses nothing changes nothing', () => {
    const record = told(runningBatch(1))
    expect(recordAfter(record, { type: 'poked', resend: false })).toBe(record)
    const untold = runningBatch(1)
    expect(recordAfter(untold, poke)).toBe(untold)
  })

  test('an update attaches its ports to old shards, starts its own shards alone, and arms the sweep anew', () => {
    const ended = recordAfter(told(runningBatch(2)), finished(0), finished(1))
    const record = recordAfter(withReservation(ended, 'second', 2, [0]), commit('second'))
    expect(batchEffects(record)).toEqual([
      { kind: 'armSweep', key: 'sweep:2:1' },
      { kind: 'attachPorts', key: 'attach:2', update: 2, shards: [0] },
      { kind: 'startShards', key: 'start:2', token: 'second', shards: [2, 3] },
    ])
  })

  test('a start whose ports are not known to be attached is not known to be told', () => {
    const record = recordAfter(withReservation(told(runningBatch(1)), 'second', 1, [0]), commit('second'))
    const starts = batchEffects(record).filter((effect) => effect.kind === 'startShards')
    expect(rememberBatchSent(record, starts)).toBe(record)
    expect(batchEffects(told(record))).toEqual([])
  })

  test('shards are started in a cancelled batch too: what always runs waits for it', () => {
    expect(kinds(recordAfter(runningBatch(1), cancelAll))).toContain('startShards')
  })
})

describe('cancelling', () => {
  test('goes to every shard that has not finished, with the reason', () => {
    const record = recordAfter(told(runningBatch(3)), finished(1), cancelAll)
    expect(batchEffects(record)).toEqual([{ kind: 'cancelShards', key: 'cancel', shards: [0, 2], reason: 'enough' }])
  })

  test('does not go to shards of an update that was never committed', () => {
    const record = recordAfter(
      withReservation(withReservation(told(runningBatch(1)), 'abandoned', 2), 'third', 1),
      commit('third'),
      cancelAll,
    )
    expect(batchEffects(record).find((effect) => effect.kind === 'cancelShards')).toMatchObject({ shards: [0, 3] })
  })

  test('is over when the batch has ended', () => {
    expect(kinds(recordAfter(told(runningBatch(1, { deleteScratch: false })), cancelAll, finished(0)))).toEqual([])
  })

  test('follows from a broken shard, for the others', () => {
    expect(batchEffects(recordAfter(told(runningBatch(2)), broken(0)))).toEqual([
      { kind: 'cancelShards', key: 'cancel', shards: [1], reason: 'shard 0: no such chunk' },
    ])
  })
})

describe('completion', () => {
  const callback = 'http://127.0.0.1/done'

  test('scratch is deleted after the commit that says so, never before', () => {
    expect(kinds(told(runningBatch(1)))).toEqual([])
    expect(batchEffects(recordAfter(told(runningBatch(1)), finished(0)))).toEqual([
      { kind: 'deleteScratch', key: 'scratch:1' },
    ])
    expect(kinds(recordAfter(told(runningBatch(1, { scratch: 'held' })), finished(0)))).toEqual([])
    expect(kinds(recordAfter(told(runningBatch(1, { deleteScratch: false })), finished(0)))).toEqual([])
  })

  test('scratch of an earlier end is left alone while an update runs', () => {
    const ended = recordAfter(told(runningBatch(1)), finished(0))
    expect(kinds(told(recordAfter(withReservation(ended, 'second', 1), commit('second'))))).toEqual([])
  })

  test('is called back once for each number', () => {
    const ended = recordAfter(told(runningBatch(1, { callback, deleteScratch: false })), finished(0))
    expect(batchEffects(ended)).toEqual([{ kind: 'callBack', key: 'callback:1', completion: 1, url: callback }])
    const done = recordAfter(ended, { type: 'calledBack', completion: 1 })
    expect(batchEffects(done)).toEqual([])
    expect(recordAfter(done, { type: 'calledBack', completion: 1 })).toBe(done)
    const again = recordAfter(told(recordAfter(withReservation(done, 'second', 1), commit('second'))), finished(1))
    expect(keysOf(again)).toEqual(['callback:2'])
    expect(batchEffects(recordAfter(again, { type: 'calledBack', completion: 1 }))).toEqual(batchEffects(again))
  })

  test('deletion waits for the end', () => {
    const record = recordAfter(told(runningBatch(1, { callback, deleteScratch: false })), deletion)
    expect(kinds(record)).toEqual(['cancelShards'])
    expect(batchEffects(recordAfter(record, finished(0, { cancelled: 1 })))).toEqual([
      { kind: 'deleteBatch', key: 'delete' },
    ])
  })
})

test('keys differ in a record with everything', () => {
  const ended = recordAfter(runningBatch(2, { callback: 'http://127.0.0.1/' }), finished(0), finished(1))
  const keys = keysOf(recordAfter(withReservation(ended, 'second', 1, [0]), commit('second'), cancelAll))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBe(6)
})
