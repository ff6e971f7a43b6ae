import { needsSweep, overdueEffects, staleAfterMs } from 'graupel/kernel'
import { type BatchRecord, isTerminal, type ShardRecord } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  broken,
  cancelAll,
  commit,
  deletion,
  finished,
  openBatch,
  recordAfter,
  runningBatch,
  withReservation,
} from './batch-records.ts'
import { attemptEnded, Conversation, cancelBatch, lease, started } from './shard-events.ts'
import { ann, cutGraph, oneShard } from './small-plans.ts'

const stood = (stoodMs: number, asked = 0) => ({ version: 1, stoodMs, asked })
const graph = [{ parents: [] }, { parents: [1] }]
const sweep = { type: 'swept', resend: true }

/** Shard 0 after what was said to it. */
function shardAfter(...events: Parameters<Conversation['say']>[0]): ShardRecord {
  const shard = new Conversation(oneShard(graph))
  shard.say(events)
  return shard.record
}

const waiting = shardAfter(started, lease(ann, 1))
const ready = shardAfter(started)
const ended = shardAfter(started, lease(ann, 1), attemptEnded(1, 1, ann, 'image'))

describe('a shard', () => {
  test('that moves is left alone, whatever it looks like', () => {
    for (const record of [shardAfter(), waiting, ready, ended])
      expect(overdueEffects(recordAfter(runningBatch(2), cancelAll), record, stood(0))).toEqual([])
  })

  test('that was never started is started', () => {
    expect(overdueEffects(runningBatch(2), shardAfter(), stood(1))).toEqual([{ type: 'batchStarted' }])
  })

  test('that does not know of the cancellation is told, with the reason', () => {
    expect(overdueEffects(recordAfter(runningBatch(2), cancelAll), waiting, stood(1))).toEqual([
      { type: 'cancelRequested', reason: 'enough' },
    ])
    const cancelled = shardAfter(started, lease(ann, 1), cancelBatch)
    expect(overdueEffects(recordAfter(runningBatch(2), cancelAll), cancelled, stood(1))).toEqual([])
  })

  test('with Ready jobs that nobody takes announces them again', () => {
    expect(overdueEffects(runningBatch(2), ready, stood(1))).toEqual([sweep])
  })

  test('that has finished, and the batch does not know, says so again', () => {
    expect(overdueEffects(runningBatch(2), ended, stood(1))).toEqual([sweep])
    expect(overdueEffects(recordAfter(runningBatch(2), finished(0)), ended, stood(1e12))).toEqual([])
  })

  test('that only waits is asked after ten minutes, then after twice that, and so on', () => {
    const asked = (ms: number, times: number) => overdueEffects(runningBatch(2), waiting, stood(ms, times)).length
    expect(staleAfterMs).toBe(600_000)
    expect([asked(599_999, 0), asked(600_000, 0)]).toEqual([0, 1])
    expect([asked(1_199_999, 1), asked(1_200_000, 1)]).toEqual([0, 1])
    expect([asked(2 ** 10 * 600_000 - 1, 50), asked(2 ** 10 * 600_000, 50)]).toEqual([0, 1])
  })

  test('of an update that was never committed is left alone', () => {
    expect(overdueEffects(openBatch(2), shardAfter(), stood(1e12))).toEqual([])
    expect(overdueEffects(recordAfter(openBatch(2), cancelAll), shardAfter(), stood(1e12))).toEqual([])
  })
})

describe('a broken shard', () => {
  const cleanup = [{ parents: [] }, { parents: [1], template: { alwaysRun: true } }]

  test('is left alone itself', () => {
    expect(overdueEffects(recordAfter(runningBatch(2), broken(0)), waiting, stood(1e12))).toEqual([])
  })

  test('does not hold up what always runs: its edges count as failed, and the batch ends', () => {
    const [, second] = cutGraph(cleanup, [1, 1])
    if (second === undefined) throw new Error('two shards')
    const shard = new Conversation(second)
    shard.say([started, cancelBatch])
    expect(shard.states).toEqual(['Pending'])
    const batch: BatchRecord = recordAfter(runningBatch(2), broken(0))
    shard.say(overdueEffects(batch, shard.record, stood(1)))
    shard.say([lease(ann, 1), attemptEnded(2, 1, ann, 'success')])
    expect(shard.states.every(isTerminal)).toBe(true)
    expect(overdueEffects(batch, { ...shard.record, ports: 's' }, stood(1))).toEqual([sweep])
  })
})

describe('a batch needs watching', () => {
  test.each<[string, BatchRecord, boolean]>([
    ['while it runs', runningBatch(1), true],
    ['not before it is submitted: nothing of it can be missing', openBatch(1), false],
    ['not when it has ended', recordAfter(runningBatch(1), finished(0)), false],
    ['while it is being deleted', recordAfter(runningBatch(1), finished(0), deletion), true],
    [
      'again when an update opens it',
      recordAfter(withReservation(recordAfter(runningBatch(1), finished(0)), 'b', 1), commit('b')),
      true,
    ],
    [
      'not for an update that is only reserved',
      withReservation(recordAfter(runningBatch(1), finished(0)), 'b', 1),
      false,
    ],
  ])('%s', (_, batch, isWatched) => {
    expect(needsSweep(batch)).toBe(isWatched)
  })
})
