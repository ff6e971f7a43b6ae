import { newShardRecord, projectionFor } from 'graupel/kernel'
import { batchId, batchRecordSchema, laneOfShard, shardId, shardRecordSchema } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openBatch, runningBatch } from './batch-records.ts'
import { chunksOf, someBatch } from './small-plans.ts'

describe('a new batch record', () => {
  test('is open: its first update is reserved, and nothing of it counts yet', () => {
    expect(openBatch(3)).toMatchObject({
      version: 1,
      state: 'open',
      updates: [
        { token: 'first', firstJob: 1, firstShard: 0, jobs: 3, shards: 3, isCommitted: false, isStartSent: false },
      ],
      jobs: 0,
      shards: 0,
      finishedShards: '',
      completions: 0,
      calledBack: 0,
      isCancelled: false,
      isDeleting: false,
      lastAt: 1000,
    })
  })

  test('reads back as it was written, new and running', () => {
    for (const record of [openBatch(2), runningBatch(2)])
      expect(batchRecordSchema.parse(z.encode(batchRecordSchema, record))).toEqual(record)
  })
})

describe('a new shard record', () => {
  const lanes = { count: 4, deployed: 8 }
  const [chunk] = chunksOf([{ parents: [] }, { parents: [1] }], [2])
  if (chunk === undefined) throw new Error('one shard')

  test('lies in the lane that its batch and number say', () => {
    const batch = { ...someBatch, batch: batchId('anotherbatch'), lanes }
    const record = newShardRecord(batch, { ...chunk, shard: 6 }, 0)
    expect(record.lane).toBe(laneOfShard(batch.batch, shardId(6), lanes))
    expect(record).toMatchObject({ shard: 6, batch: 'anotherbatch', user: 'someone', lanes })
  })

  test('reads back as it was written', () => {
    const record = newShardRecord(someBatch, chunk, 0)
    expect(shardRecordSchema.parse(z.encode(shardRecordSchema, record))).toEqual(record)
  })
})

test('batches of up to 10,000 jobs get a document for each job, larger ones for those that went wrong', () => {
  expect([1, 10_000, 10_001].map(projectionFor)).toEqual(['all', 'all', 'failed'])
})
