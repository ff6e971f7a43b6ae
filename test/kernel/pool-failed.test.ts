import { poolId, type ShardEvent } from 'graupel/model'
import { expect, test } from 'vitest'
import { attemptEnded, Conversation, lease, started, workerLost } from './shard-events.ts'
import { ann, oneJob, oneShard } from './small-plans.ts'

const failed = (pool: string): ShardEvent => ({
  type: 'poolFailed',
  pool: poolId(pool),
  reason: 'no such machine type',
})

test('Ready jobs of a pool that can never be had end as Error, with the cloud’s own words', () => {
  const shard = new Conversation(oneShard([{ parents: [] }, { parents: [], template: { spot: false } }]))
  shard.say([started, failed('standard')])
  expect(shard.states).toEqual(['Ready', 'Error'])
  expect(shard.record.ends).toEqual({ 1: { cause: 'pool', message: 'no such machine type' } })
})

test('jobs in flight, waiting or ended are not touched', () => {
  const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }, { parents: [2] }]))
  shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')])
  const { record } = shard
  expect(shard.say([failed('spot')]).outcomes).toEqual([{ kind: 'ignored', reason: 'nothingReady' }])
  expect(shard.record).toBe(record)
})

test('children follow at once: cancelled, or failing in the same pool if they always run', () => {
  const graph = [{ parents: [] }, { parents: [1] }, { parents: [1], template: { alwaysRun: true } }]
  const shard = new Conversation(oneShard(graph))
  shard.say([started, failed('spot')])
  expect(shard.states).toEqual(['Error', 'Cancelled', 'Error'])
  const { record } = shard
  shard.say([failed('spot')])
  expect(shard.record).toBe(record)
})

test('the pool is the one of the next attempt', () => {
  const shard = new Conversation(oneJob({ retry: { failed: 0, preempted: 20, infrastructure: 5, onDemandAfter: 1 } }))
  shard.say([started, lease(ann, 1), workerLost(ann, 'preempted'), failed('spot')])
  expect(shard.states).toEqual(['Ready'])
  shard.say([failed('standard')])
  expect(shard.states).toEqual(['Error'])
})
