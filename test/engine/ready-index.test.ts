import { batchId, poolId, shardId } from 'graupel/model'
import { expect, test } from 'vitest'
import { ReadyIndex } from '../../client/src/engine/ready-index.ts'

const ready = (user: string, batch: string, shard = 0, pool = 'spot') => ({
  user,
  batch: batchId(batch),
  shard: shardId(shard),
  readyPools: [poolId(pool)],
})

test('serves users in turn, whoever has more work', () => {
  const index = new ReadyIndex()
  for (let shard = 0; shard < 50; shard++) index.update(ready('greedy', 'bigbatch0', shard))
  index.update(ready('modest', 'smallbatch'))
  const served: string[] = []
  for (let turn = 0; turn < 4; turn++) {
    const [next] = index.candidates(undefined, 1)
    if (next === undefined) break
    served.push(next.user)
    index.served(next)
  }
  expect(served.filter((user) => user === 'modest')).toHaveLength(2)
})

test('offers only shards with work for the pool, and forgets those without any', () => {
  const index = new ReadyIndex()
  index.update(ready('u', 'aaaaaaaa', 0, 'spot'))
  index.update(ready('u', 'bbbbbbbb', 0, 'standard'))
  expect(index.candidates(poolId('standard'), 8).map((shard) => shard.batch)).toEqual(['bbbbbbbb'])
  index.update({ ...ready('u', 'bbbbbbbb'), readyPools: [] })
  expect(index.candidates(undefined, 8).map((shard) => shard.batch)).toEqual(['aaaaaaaa'])
})
