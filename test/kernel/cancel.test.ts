import { effects, isFinished } from 'graupel/kernel'
import type { ShardEvent } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  attemptEnded,
  attemptStarted,
  Conversation,
  cancelBatch,
  cancelJobs,
  lease,
  resolved,
  started,
} from './shard-events.ts'
import { ann, bob, cutGraph, oneShard } from './small-plans.ts'

const chain = [{ parents: [] }, { parents: [1] }, { parents: [2], template: { alwaysRun: true } }]
const because: ShardEvent = { type: 'cancelRequested', reason: 'enough' }

describe('cancelling the batch', () => {
  test('ends what waits, each with the reason, and lets run what always runs', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([started, because])
    expect(shard.states).toEqual(['Cancelled', 'Cancelled', 'Ready'])
    const end = { cause: 'cancelled', message: 'enough' }
    expect(shard.record.ends).toEqual({ 0: end, 1: end })
  })

  test('before the start: the jobs are cancelled, and what always runs waits for the start', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([because])
    expect(shard.states).toEqual(['Cancelled', 'Cancelled', 'Pending'])
    shard.say([started])
    expect(shard.states).toEqual(['Cancelled', 'Cancelled', 'Ready'])
  })

  test('a second time changes nothing', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([started, cancelBatch])
    const { record } = shard
    expect(shard.say([because]).outcomes).toEqual([{ kind: 'ignored', reason: 'alreadyCancelled' }])
    expect(shard.record).toBe(record)
  })

  test('a job in flight keeps its state and lease until its worker has let go, so that the shard is not finished', () => {
    const shard = new Conversation(oneShard([{ parents: [] }]))
    shard.say([started, lease(ann, 1), attemptStarted(1, 1, ann), cancelBatch])
    expect(shard.states).toEqual(['Running'])
    expect(shard.record.leases[0]).toMatchObject({ stopping: true })
    expect(isFinished(shard.record)).toBe(false)
    expect(effects(shard.plan, shard.record)).toEqual([
      { kind: 'stopAttempt', key: 'stop:1:1', worker: ann, job: 1, attempt: 1 },
    ])
    shard.say([attemptEnded(1, 1, ann, 'stopped')])
    expect(shard.states).toEqual(['Cancelled'])
    expect(shard.record.ends).toEqual({ 0: { cause: 'cancelled' } })
    expect(isFinished(shard.record)).toBe(true)
  })

  test('does not stop an always-run job in flight', () => {
    const shard = new Conversation(oneShard([{ parents: [], template: { alwaysRun: true } }]))
    shard.say([started, lease(ann, 1), cancelBatch])
    expect(effects(shard.plan, shard.record)).toEqual([])
    shard.say([attemptEnded(1, 1, ann, 'success')])
    expect(shard.states).toEqual(['Success'])
  })

  test('does not touch what has ended', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success'), because])
    expect(shard.states).toEqual(['Success', 'Cancelled', 'Ready'])
  })

  test('an always-run job waits for parents in other shards as ever', () => {
    const [, second] = cutGraph([{ parents: [] }, { parents: [1], template: { alwaysRun: true } }], [1, 1])
    if (second === undefined) throw new Error('two shards')
    const shard = new Conversation(second)
    shard.say([started, cancelBatch])
    expect(shard.states).toEqual(['Pending'])
    shard.say([resolved(0, [], [0])])
    expect(shard.states).toEqual(['Ready'])
  })
})

describe('cancelling jobs by number', () => {
  test('works on jobs that always run, and children follow', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([started, cancelJobs(3)])
    expect(shard.states).toEqual(['Ready', 'Pending', 'Cancelled'])
    shard.say([cancelJobs(1)])
    expect(shard.states).toEqual(['Cancelled', 'Cancelled', 'Cancelled'])
    expect(shard.record.ends[1]).toEqual({ cause: 'parent' })
  })

  test('leaves the shard open for its other jobs', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }]))
    shard.say([started, cancelJobs(1)])
    expect(shard.record.isCancelled).toBe(false)
    expect(shard.grants(lease(bob, 1))).toEqual([2])
  })

  test('stops a job in flight, which is not retried', () => {
    const shard = new Conversation(oneShard([{ parents: [] }]))
    shard.say([started, lease(ann, 1), cancelJobs(1), attemptEnded(1, 1, ann, 'preempted')])
    expect(shard.states).toEqual(['Cancelled'])
  })

  test.each<[string, ShardEvent, string]>([
    ['of other shards', cancelJobs(7, 8), 'unknownJob'],
    ['that have ended', cancelJobs(1), 'alreadyTerminal'],
    ['none at all', cancelJobs(), 'unknownJob'],
  ])('jobs %s: nothing changes', (_, event, reason) => {
    const shard = new Conversation(oneShard([{ parents: [] }]))
    shard.say([started, cancelJobs(1)])
    const { record } = shard
    expect(shard.say([event]).outcomes).toEqual([{ kind: 'ignored', reason }])
    expect(shard.record).toBe(record)
  })

  test('a range as long as all numbers costs no more than the shard', () => {
    const shard = new Conversation(oneShard(chain))
    shard.say([started, { type: 'cancelRequested', jobs: [[0, Number.MAX_SAFE_INTEGER]] }])
    expect(shard.states).toEqual(['Cancelled', 'Cancelled', 'Cancelled'])
  })
})
