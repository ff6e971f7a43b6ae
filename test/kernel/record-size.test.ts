import { effects, indexPlan, newShardRecord, rememberSent } from 'graupel/kernel'
import { type PlanChunk, type ShardEvent, shardRecordSchema, workerId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { attemptEnded, Conversation, lease, resolved, started } from './shard-events.ts'
import { chunksOf, oneShard, someBatch } from './small-plans.ts'

const kiB = 1024
const storedBytes = (shard: Conversation): number =>
  Buffer.byteLength(JSON.stringify(z.encode(shardRecordSchema, shard.record)))

/** As a machine's name and the start of its agent are. */
const worker = workerId('graupel-spot-europe-west4-a-7f3k2m9q-1764000000000')
const everyJob = Array.from({ length: 512 }, (_, index) => index + 1)

/** A shard as full as a shard may be: 512 jobs, 16,384 in-ports and as many out-ports. */
function fullShard(): Conversation {
  const [chunk] = chunksOf(
    everyJob.map(() => ({ parents: [] })),
    [512],
  )
  if (chunk === undefined) throw new Error('one shard')
  const lists = Array.from({ length: 32 }, (_, list) => ({ first: 512 * list, count: 512 }))
  const full: PlanChunk = {
    ...chunk,
    inPorts: lists.map((list, shard) => ({ ...list, fromShard: shard, children: [[0, 511]] })),
    outPorts: lists.map((list, shard) => ({ ...list, toShard: 100 + shard, parents: [[0, 511]] })),
  }
  const shard = new Conversation({ plan: indexPlan(full), record: newShardRecord(someBatch, full, 0) })
  const edges = lists.map(
    ({ first, count }, source): ShardEvent =>
      resolved(
        source,
        Array.from({ length: count }, (_, at) => first + at),
      ),
  )
  shard.say([started, ...edges])
  expect(shard.record.counts.ready).toBe(512)
  return shard
}

const longMessage = 'Ein sehr langer Satz über „nichts“. '.repeat(60).slice(0, 2000)

describe('a shard record stays small', () => {
  test('under 64 KiB when every job failed with a message of 2,000 letters, and all is sent', () => {
    const shard = fullShard()
    shard.say([lease(worker, 1)], 1_764_000_000_000)
    shard.say(everyJob.map((job) => attemptEnded(job, 1, worker, 'failed', { exitCode: 137, message: longMessage })))
    shard.record = rememberSent(shard.plan, shard.record, effects(shard.plan, shard.record))
    expect(shard.record.counts.failed).toBe(512)
    expect(storedBytes(shard)).toBeLessThan(64 * kiB)
  })

  test('under 128 KiB while every job is in flight, its edges open', () => {
    const shard = fullShard()
    shard.say([lease(worker, 123_456)], 1_764_000_000_000)
    shard.say(
      everyJob.map(
        (job): ShardEvent => ({ type: 'attemptStarted', job, attempt: 1, worker, startedAt: 1_764_000_000_000 }),
      ),
    )
    expect(storedBytes(shard)).toBeLessThan(128 * kiB)
  })

  test('under 4 KiB for 512 jobs of which few are in flight', () => {
    const shard = new Conversation(oneShard(everyJob.map(() => ({ parents: [] }))))
    shard.say([started, lease(worker, 1, { maxJobs: 8 })], 1_764_000_000_000)
    expect(storedBytes(shard)).toBeLessThan(4 * kiB)
  })

  test('and reads back as it was written', () => {
    const shard = fullShard()
    shard.say([lease(worker, 1, { maxJobs: 3 }), attemptEnded(1, 1, worker, 'failed', { message: longMessage })])
    expect(shardRecordSchema.parse(z.encode(shardRecordSchema, shard.record))).toEqual(shard.record)
  })
})

describe('messages', () => {
  const messagesOf = (jobs: number, message: string): (string | undefined)[] => {
    const shard = new Conversation(oneShard(everyJob.slice(0, jobs).map(() => ({ parents: [] }))))
    shard.say([started, lease(worker, 1)])
    shard.say(everyJob.slice(0, jobs).map((job) => attemptEnded(job, 1, worker, 'failed', { exitCode: 1, message })))
    return everyJob.slice(0, jobs).map((job) => shard.record.ends[job - 1]?.message)
  }

  test('a short one is kept as it is', () => {
    expect(messagesOf(2, 'no such file: /a')).toEqual(['no such file: /a', 'no such file: /a'])
  })

  test('a long one is cut, and says so', () => {
    const [message] = messagesOf(1, longMessage)
    expect(message).toMatch(/…$/)
    expect(longMessage.startsWith(message?.slice(0, -1) ?? 'nothing')).toBe(true)
    expect(message?.length).toBeGreaterThan(400)
  })

  test('when the room is used up the later ones are dropped; cause and exit code stay', () => {
    const messages = messagesOf(512, longMessage)
    expect(messages[0]).toBeDefined()
    expect(messages.at(-1)).toBeUndefined()
    const kept = messages.filter((message) => message !== undefined)
    expect(kept.length).toBeGreaterThanOrEqual(8)
    expect(kept.length).toBeLessThan(32)
  })

  test('what is left of one says something, or it is dropped', () => {
    for (let length = 100; length < 500; length += 7)
      for (const kept of messagesOf(64, 'x'.repeat(length)))
        expect(kept === undefined || kept.length > 16, `${length} letters became '${kept}'`).toBe(true)
  })

  test('control characters and halves of pairs do not make it longer than it may be', () => {
    for (let controls = 0; controls < 100; controls++) {
      const [kept] = messagesOf(1, '\u0000'.repeat(controls) + '😀'.repeat(1000))
      expect(JSON.stringify(kept).length).toBeLessThanOrEqual(503)
      expect(kept?.isWellFormed()).toBe(true)
    }
  })
})
