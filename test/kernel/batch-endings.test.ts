import { batchEffects, needsSweep, reduceBatch } from 'graupel/kernel'
import type { BatchRecord } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  broken,
  commit,
  deletion,
  finished,
  openBatch,
  recordAfter,
  runningBatch,
  stampedAt,
  withReservation,
} from './batch-records.ts'

const hourMs = 60 * 60_000

describe('a broken shard', () => {
  test('counts as finished, and cancels the batch with its reason', () => {
    const record = recordAfter(runningBatch(2), broken(1))
    expect(record).toMatchObject({
      finishedShards: '01',
      isCancelled: true,
      broken: 'shard 1: no such chunk',
      reason: 'shard 1: no such chunk',
      brokenShards: [1],
    })
    expect(recordAfter(record, broken(1, 'again'))).toBe(record)
    expect(recordAfter(record, finished(0))).toMatchObject({ state: 'failure' })
  })

  test('the first reason is told, every shard is named', () => {
    expect(recordAfter(runningBatch(3), broken(1), broken(2, 'torn'))).toMatchObject({
      broken: 'shard 1: no such chunk',
      brokenShards: [1, 2],
      finishedShards: '011',
    })
  })

  test('one that had finished matters while others may wait for its edges', () => {
    expect(recordAfter(runningBatch(2), finished(0), broken(0))).toMatchObject({
      isCancelled: true,
      brokenShards: [0],
      counts: { success: 1 },
    })
  })

  test('does not change a batch that has ended', () => {
    const record = recordAfter(runningBatch(1), finished(0))
    expect(recordAfter(record, broken(0))).toBe(record)
  })
})

describe('scratch', () => {
  test('goes when the batch is complete and not before', () => {
    const record = runningBatch(2)
    expect(recordAfter(record, finished(0)).scratch).toBe('kept')
    expect(recordAfter(record, finished(0), finished(1)).scratch).toBe('deleted')
  })

  test('stays if the user wants it', () => {
    expect(recordAfter(runningBatch(1, { deleteScratch: false }), finished(0)).scratch).toBe('kept')
  })

  test('that is held goes when it is released, if the batch has ended by then', () => {
    const held = runningBatch(1, { scratch: 'held' })
    expect(recordAfter(held, finished(0)).scratch).toBe('held')
    expect(recordAfter(held, finished(0), { type: 'scratchReleased' }).scratch).toBe('deleted')
    expect(recordAfter(held, { type: 'scratchReleased' }).scratch).toBe('kept')
    expect(recordAfter(held, { type: 'scratchReleased' }, finished(0)).scratch).toBe('deleted')
  })

  test('that was not held cannot be released', () => {
    const record = runningBatch(1)
    expect(recordAfter(record, { type: 'scratchReleased' })).toBe(record)
  })
})

describe('deletion', () => {
  test('cancels first', () => {
    const record = recordAfter(runningBatch(1), deletion)
    expect(record).toMatchObject({ isDeleting: true, isCancelled: true, reason: 'deleted', state: 'running' })
    expect(recordAfter(record, deletion)).toBe(record)
  })

  test('of a batch that has ended leaves its end as it is', () => {
    const record = recordAfter(runningBatch(1), finished(0), deletion)
    expect(record).toMatchObject({ isDeleting: true, isCancelled: false, state: 'success', completions: 1 })
  })

  test('is over an hour after the later of its request and the end: what comes late may write something again', () => {
    const erasedAt = (record: BatchRecord, at: number) => reduceBatch(record, [stampedAt(at, { type: 'erased' })])
    const asked = reduceBatch(runningBatch(1), [stampedAt(5000, deletion)])
    expect(erasedAt(asked, 9 * hourMs)).toBe(asked)
    const ended = reduceBatch(asked, [stampedAt(8000, finished(0))])
    expect(erasedAt(ended, 7999 + hourMs)).toBe(ended)
    const over = erasedAt(ended, 8000 + hourMs)
    expect(over).toMatchObject({ isDeleting: false, deletedAt: 8000 + hourMs, expireAt: 8000 + 169 * hourMs })
    expect(batchEffects(over)).not.toContainEqual(expect.objectContaining({ kind: 'deleteBatch' }))
    expect(needsSweep(over)).toBe(false)

    const long = recordAfter(runningBatch(1), finished(0))
    const late = reduceBatch(long, [stampedAt(9 * hourMs, deletion)])
    expect(erasedAt(late, 9 * hourMs + 1)).toBe(late)
    expect(erasedAt(late, 10 * hourMs)).toMatchObject({ isDeleting: false })
  })

  test('that is over leaves a record that takes nothing any more', () => {
    const ended = recordAfter(runningBatch(1), finished(0), deletion)
    const over = reduceBatch(withReservation(ended, 'late', 1), [stampedAt(9 * hourMs, { type: 'erased' })])
    for (const event of [deletion, commit('late'), { type: 'erased' } as const])
      expect(recordAfter(over, event)).toBe(over)
  })

  test('of a batch that was never submitted ends it', () => {
    expect(recordAfter(openBatch(1), deletion)).toMatchObject({ isDeleting: true, state: 'cancelled', endedAt: 1000 })
  })
})
