import fc from 'fast-check'
import { isComplete, reduceBatch } from 'graupel/kernel'
import { type BatchEvent, type BatchRecord, isDeleted } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  broken,
  cancelAll,
  commit,
  deletion,
  failures,
  finished,
  openBatch,
  poke,
  recordAfter,
  runningBatch,
  stampedAt,
  withReservation,
} from './batch-records.ts'

describe('submitting', () => {
  test('a committed update counts, once', () => {
    const record = runningBatch(3)
    expect(record).toMatchObject({
      version: 2,
      state: 'running',
      jobs: 3,
      shards: 3,
      finishedShards: '000',
      submittedAt: 1000,
    })
    expect(recordAfter(record, commit())).toBe(record)
  })

  test('an unknown token changes nothing', () => {
    const record = openBatch(1)
    expect(recordAfter(record, commit('other'))).toBe(record)
  })

  test('a batch without jobs is a success at once', () => {
    expect(recordAfter(openBatch(0), commit())).toMatchObject({ state: 'success', completions: 1, endedAt: 1000 })
  })

  test('an update that was reserved and never committed is waited for by nobody and counted by nobody', () => {
    let record = withReservation(runningBatch(1), 'abandoned', 2)
    record = recordAfter(withReservation(record, 'third', 1), commit('third'))
    expect(record).toMatchObject({ jobs: 2, shards: 2, finishedShards: '0000' })
    const stray = recordAfter(record, finished(1, { cancelled: 1 }))
    expect(stray).toBe(record)
    expect(recordAfter(record, finished(0), finished(3))).toMatchObject({
      state: 'success',
      counts: { success: 2, cancelled: 0 },
    })
  })

  test.each<[string, BatchEvent[]]>([
    ['cancelled', [cancelAll]],
    ['being deleted', [deletion]],
    ['finished and being deleted', [finished(0), deletion]],
  ])('an update of a batch that is %s is refused', (_, events) => {
    const record = withReservation(recordAfter(runningBatch(1), ...events), 'late', 1)
    expect(recordAfter(record, commit('late'))).toBe(record)
  })

  test('a batch that was cancelled before it was submitted has ended, and is never started', () => {
    const record = recordAfter(openBatch(2), cancelAll)
    expect(record).toMatchObject({ state: 'cancelled', reason: 'enough', completions: 1 })
    expect(recordAfter(record, commit())).toBe(record)
  })
})

describe('completion', () => {
  test('comes when the last shard has finished, and counts all jobs', () => {
    const almost = recordAfter(runningBatch(3), finished(2, { success: 4 }), finished(0, { failed: 1 }))
    expect(almost).toMatchObject({ state: 'running', finishedShards: '101', completions: 0 })
    expect(isComplete(almost)).toBe(false)
    const record = recordAfter(almost, finished(1, { cancelled: 2 }))
    expect(record).toMatchObject({ state: 'failure', completions: 1, counts: { success: 4, failed: 1, cancelled: 2 } })
    expect(isComplete(record)).toBe(true)
  })

  test('a shard that reports twice counts once', () => {
    const record = recordAfter(runningBatch(2), finished(0))
    expect(recordAfter(record, finished(0))).toBe(record)
    expect(record.counts.success).toBe(1)
  })

  test('a shard that is not there changes nothing', () => {
    const record = runningBatch(2)
    expect(recordAfter(record, finished(2))).toBe(record)
    expect(recordAfter(record, finished(99))).toBe(record)
  })

  test.each<[string, BatchEvent[], string]>([
    ['all succeeded', [finished(0)], 'success'],
    ['one failed', [finished(0, { success: 1, failed: 1 })], 'failure'],
    ['one ended by error', [finished(0, { error: 1, cancelled: 1 })], 'failure'],
    ['one was cancelled', [finished(0, { success: 1, cancelled: 1 })], 'cancelled'],
    ['it was cancelled', [cancelAll, finished(0)], 'cancelled'],
    ['it was cancelled and one had failed', [cancelAll, finished(0, { failed: 1 })], 'failure'],
    ['a shard was broken', [broken(0)], 'failure'],
  ])('%s', (_, events, state) => {
    expect(recordAfter(runningBatch(1), ...events)).toMatchObject({ state })
  })

  test('an update opens a finished batch again, and its second end has the next number', () => {
    const once = recordAfter(runningBatch(1), finished(0))
    expect(once).toMatchObject({ state: 'success', completions: 1, endedAt: 1000 })
    const again = recordAfter(withReservation(once, 'second', 1), commit('second'))
    expect(again).toMatchObject({ state: 'running', completions: 1, finishedShards: '10' })
    expect('endedAt' in again).toBe(false)
    expect(recordAfter(again, finished(1))).toMatchObject({ state: 'success', completions: 2, counts: { success: 2 } })
  })

  test('the order of the reports does not matter', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    const repeats = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 10 })
    const summary = ({ state, counts, failures: seen, finishedShards }: BatchRecord) => ({
      state,
      counts,
      seen,
      finishedShards,
    })
    const report = (shard: number) => finished(shard, shard === 3 ? { failed: 2 } : { success: 1 })
    const expected = summary(recordAfter(runningBatch(5), ...[0, 1, 2, 3, 4].map(report)))
    fc.assert(
      fc.property(repeats, order, (first, rest) => {
        const record = recordAfter(runningBatch(5), ...[...first, ...rest].map(report))
        expect(summary(record)).toEqual(expected)
        expect(record.completions).toBe(1)
      }),
    )
  })
})

describe('cancelling after some failures', () => {
  const limited = (limit: number) => runningBatch(3, { cancelAfterNFailures: limit })

  test('the same report twice is one failure: it is set, not added', () => {
    const record = recordAfter(limited(2), failures(0, 1))
    expect(record.isCancelled).toBe(false)
    expect(recordAfter(record, failures(0, 1))).toBe(record)
  })

  test('failures of all shards count together, and the limit itself cancels', () => {
    expect(recordAfter(limited(3), failures(0, 1), failures(2, 1)).isCancelled).toBe(false)
    expect(recordAfter(limited(3), failures(0, 1), failures(2, 2))).toMatchObject({
      isCancelled: true,
      reason: 'cancelled after 3 failed jobs',
    })
    expect(recordAfter(limited(1), failures(0, 1)).reason).toBe('cancelled after 1 failed job')
  })

  test('a late report of fewer does not take any back', () => {
    expect(recordAfter(limited(9), failures(0, 5), failures(0, 3)).failures).toEqual({ 0: 5 })
    expect(recordAfter(limited(9), failures(0, 5), finished(0, { failed: 2 })).failures).toEqual({ 0: 5 })
  })

  test('the counts of a finished shard are such a report', () => {
    expect(recordAfter(limited(2), finished(0, { failed: 1, error: 1 }))).toMatchObject({
      isCancelled: true,
      failures: { 0: 2 },
    })
  })

  test('without a limit nothing is cancelled', () => {
    expect(recordAfter(runningBatch(1), failures(0, 100)).isCancelled).toBe(false)
  })
})

describe('cancelling', () => {
  test('is recorded once, with the first reason', () => {
    const record = recordAfter(runningBatch(1), cancelAll)
    expect(record).toMatchObject({ isCancelled: true, reason: 'enough', state: 'running' })
    expect(recordAfter(record, { type: 'cancelRequested', reason: 'more than enough' })).toBe(record)
    expect(recordAfter(runningBatch(1), { type: 'cancelRequested' }).reason).toBe('cancelled')
  })

  test('comes too late for a batch that has ended', () => {
    const record = recordAfter(runningBatch(1), finished(0))
    expect(recordAfter(record, cancelAll)).toBe(record)
  })
})

describe('every event', () => {
  const anyEvent = fc.oneof(
    fc.constantFrom<BatchEvent>(commit(), commit('second'), commit('nobody'), cancelAll, deletion, poke),
    fc.constantFrom<BatchEvent>({ type: 'poked', resend: false }, { type: 'scratchReleased' }),
    fc.constant<BatchEvent>({ type: 'erased' }),
    fc.integer({ min: 0, max: 3 }).map((completion): BatchEvent => ({ type: 'calledBack', completion })),
    fc.integer({ min: 0, max: 6 }).map((shard) => finished(shard)),
    fc.integer({ min: 0, max: 6 }).map((shard) => finished(shard, { failed: 1 })),
    fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 3 }))
      .map(([shard, count]) => failures(shard, count)),
    fc.integer({ min: 0, max: 6 }).map((shard) => broken(shard)),
  )
  const anyTime = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constant(2 * 60 * 60_000))
  const start = () => withReservation(openBatch(2, { cancelAfterNFailures: 3 }), 'second', 2)

  test('said twice changes nothing the second time, raises the version by one, and never turns anything back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, anyTime), { maxLength: 25 }), (said) => {
        let record = start()
        for (const [event, at] of said) {
          const next = reduceBatch(record, [stampedAt(at, event)])
          expect(reduceBatch(next, [stampedAt(at, event)])).toBe(next)
          checkStep(record, next)
          record = next
        }
      }),
      { numRuns: 300 },
    )
  })

  test('many at once come to the same as one after another, in one version', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, anyTime), { maxLength: 15 }), (said) => {
        const together = reduceBatch(
          start(),
          said.map(([event, at]) => stampedAt(at, event)),
        )
        const singly = said.reduce((record, [event, at]) => reduceBatch(record, [stampedAt(at, event)]), start())
        expect({ ...together, version: 0 }).toEqual({ ...singly, version: 0 })
        expect(together.version).toBeLessThanOrEqual(2)
      }),
      { numRuns: 300 },
    )
  })

  function checkStep(before: BatchRecord, next: BatchRecord): void {
    if (next === before) return
    expect(next.version).toBe(before.version + 1)
    expect(next.lastAt).toBeGreaterThanOrEqual(before.lastAt)
    expect(next.completions).toBeGreaterThanOrEqual(before.completions)
    for (const [shard, digit] of [...before.finishedShards].entries())
      if (digit === '1') expect(next.finishedShards[shard]).toBe('1')
    if (before.isCancelled) expect(next.isCancelled).toBe(true)
    if (isDeleted(before)) expect(isDeleted(next)).toBe(true)
    if (before.deletedAt !== undefined) expect(next.isDeleting).toBe(false)
    if (before.endedAt !== undefined && next.endedAt === undefined) expect(next.state).toBe('running')
    if (next.endedAt !== undefined) expect(next.endedAt).toBeGreaterThanOrEqual(next.submittedAt ?? 0)
    expect(next.state === 'open' || next.state === 'running').toBe(next.endedAt === undefined)
    expect(Object.values(next).every((value) => value !== undefined)).toBe(true)
  }
})

test('a batch is submitted once, when its first update is', () => {
  const ended = recordAfter(runningBatch(1), finished(0))
  const again = reduceBatch(withReservation(ended, 'second', 1), [stampedAt(9000, commit('second'))])
  expect(again).toMatchObject({ submittedAt: 1000, lastAt: 9000 })
})

test('an old call back does not take back a newer one', () => {
  const record = recordAfter(runningBatch(1), { type: 'calledBack', completion: 2 })
  expect(recordAfter(record, { type: 'calledBack', completion: 1 })).toBe(record)
})

test('a slow clock does not turn the time of a batch back', () => {
  const record = reduceBatch(openBatch(1), [stampedAt(9000, commit()), stampedAt(4000, finished(0))])
  expect(record).toMatchObject({ submittedAt: 9000, endedAt: 9000, lastAt: 9000 })
})
