import { batchEffects, isComplete, rememberBatchSent } from 'graupel/kernel'
import type { BatchRecord } from 'graupel/model'
import { expect, test } from 'vitest'
import { commit, finished, poke, recordAfter, runningBatch, withReservation } from './batch-records.ts'

/** A further update of one shard, committed and told of; and its end, if it comes. */
function updated(record: BatchRecord, token: string, ends: boolean): BatchRecord {
  const committed = recordAfter(withReservation(record, token, 1), commit(token))
  const told = rememberBatchSent(committed, batchEffects(committed))
  return ends ? recordAfter(told, finished(told.finishedShards.length - 1)) : told
}

function updatedOften(record: BatchRecord, times: number, ends = true): BatchRecord {
  return Array.from({ length: times }).reduce<BatchRecord>(
    (now, _, index) => updated(now, `more ${index}`, ends),
    record,
  )
}

test('updates that are over leave the list, and their jobs and shards stay known', () => {
  const record = updatedOften(runningBatch(2), 1000)
  expect(record.updates.length).toBeLessThanOrEqual(64)
  expect(record.updates[0]?.token).toBe('first')
  expect(record.updates.at(-1)).toMatchObject({ number: 1001, token: 'more 999', firstJob: 1002, firstShard: 1001 })
  const { updates } = record.archived
  expect(updates + record.updates.length).toBe(1001)
  expect(record.archived).toMatchObject({ jobs: [[3, 2 + updates]], shards: [[2, 1 + updates]] })
  expect(record).toMatchObject({ jobs: 1002, shards: 1002, counts: { success: 1000 } })
})

test('the newest 32 updates are listed even if they are over', () => {
  const record = updatedOften(runningBatch(1), 200)
  expect(record.updates.slice(-32).map(({ number }) => number)).toEqual(Array.from({ length: 32 }, (_, at) => 170 + at))
})

test('an update with an unfinished shard stays, also when later ones have gone', () => {
  const waiting = updated(runningBatch(1), 'slow', false)
  const record = updatedOften(waiting, 300)
  expect(record.updates[1]?.token).toBe('slow')
  expect(record.archived.updates).toBeGreaterThan(200)
  expect(isComplete(record)).toBe(false)
  expect(isComplete(recordAfter(record, finished(0), finished(1)))).toBe(true)
})

test('an update that is reserved and not committed stays, and can still be committed', () => {
  const reserved = withReservation(runningBatch(1), 'late', 1)
  const record = updatedOften(reserved, 300)
  expect(record.updates[1]).toMatchObject({ token: 'late', isCommitted: false })
  expect(recordAfter(record, commit('late')).jobs).toBe(record.jobs + 1)
})

test('shards of archived updates are asked for nothing again, also when all is to be sent again', () => {
  const record = recordAfter(updatedOften(runningBatch(1), 300), poke)
  const started = batchEffects(record).flatMap((effect) => (effect.kind === 'startShards' ? effect.shards : []))
  expect(started.every((shard) => shard === 0 || shard > record.archived.updates)).toBe(true)
  expect(started.length).toBe(record.shards - record.archived.updates)
})

test('the end of a shard that comes again when its update is archived changes nothing', () => {
  const record = updatedOften(runningBatch(1), 300)
  expect(recordAfter(record, finished(5))).toBe(record)
})
