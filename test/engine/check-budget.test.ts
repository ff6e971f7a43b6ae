import { newBatchRecord } from 'graupel/kernel'
import { batchId, type ShardEvent, shardId } from 'graupel/model'
import { expect, test } from 'vitest'
import { checkBudget, type ShardCost } from '../../client/src/engine/check-budget.ts'

const batch = {
  ...newBatchRecord(
    {
      id: batchId('abcdefgh'),
      name: undefined,
      user: 'u',
      attributes: {},
      root: 'memory:///r',
      lanes: { count: 1, deployed: 1 },
      cancelAfterNFailures: undefined,
      callback: undefined,
      deleteScratch: false,
      scratch: 'kept',
      createdAt: 0,
    },
    { token: 't', jobs: 3, shards: 3, planHash: 'h' },
  ),
  finishedShards: '100',
  spent: 1,
}
const cost = (shard: number, dollars: number, paused?: string): ShardCost => ({
  shard: shardId(shard),
  isFinished: shard === 0,
  paused,
  dollars,
})
const reasons = (limit: number | undefined, of = batch, shards = [cost(0, 1), cost(1, 0.4), cost(2, 0.7)]) =>
  checkBudget(of, shards, limit, Date.UTC(2026, 10, 26, 10, 3)).outgoing.flatMap(({ delivery }) => {
    const events: readonly { event: { type: string } }[] = delivery.events
    return events.map(({ event }) => event as ShardEvent) // they are those of shards and of batches alike
  })

test('a batch within its budget, or without one, is left alone', () => {
  expect(reasons(undefined)).toEqual([])
  expect(reasons(2.2)).toEqual([])
})

test('a batch over its budget pauses, and says what it has cost', () => {
  const reason = 'the batch has cost $2.10 and may cost $2.00, since 2026-11-26 10:03 UTC'
  const event = { type: 'pauseSet', reason }
  // Two shards that are not finished, and the batch's own record; a finished shard's cost counts once.
  expect(reasons(2)).toEqual([event, event, event])
  const paused = { ...batch, paused: reason }
  expect(reasons(2, paused, [cost(0, 1), cost(1, 0.9, reason), cost(2, 0.7, reason)])).toEqual([])
  expect(reasons(2, paused, [cost(0, 1), cost(1, 0.9, reason), cost(2, 0.7)])).toEqual([event])
})

test('a batch that may cost more goes on', () => {
  const paused = { ...batch, paused: 'r' }
  const shards = [cost(0, 1), cost(1, 0.4, 'r'), cost(2, 0.7, 'r')]
  expect(reasons(5, paused, shards)).toEqual([{ type: 'pauseSet' }, { type: 'pauseSet' }, { type: 'pauseSet' }])
})
