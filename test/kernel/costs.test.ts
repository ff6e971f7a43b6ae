import { effects, newBatchRecord, reduceBatch } from 'graupel/kernel'
import { batchId, noJobs, type ShardEvent, shardId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { attemptEnded, Conversation, lease, started, workerLost } from './shard-events.ts'
import { ann, bob, oneJob, oneShard } from './small-plans.ts'

const hourMs = 3_600_000
const machine = { cpuMillis: 4000, memoryBytes: 2 ** 40, storageBytes: 2 ** 40 }
/** Four cores at 40 cents an hour: a core costs ten. */
const priced = { free: machine, total: machine, dollarsPerHour: 0.4 }
const twoJobs = () => new Conversation(oneShard([{ parents: [] }, { parents: [] }]))

describe('the cost of jobs', () => {
  test('is the share of the machine that each takes, from its grant to its end', () => {
    const shard = twoJobs()
    shard.say([started], 0)
    shard.say([lease(ann, 1, priced)], 1000)
    shard.say([attemptEnded(1, 1, ann, 'success')], 1000 + hourMs / 2)
    expect(shard.record.spent).toBeCloseTo(0.05, 9)
    shard.say([attemptEnded(2, 1, ann, 'failed')], 1000 + hourMs)
    expect(shard.record.spent).toBeCloseTo(0.15, 9)
  })

  test('is paid once, however often an end is told', () => {
    const shard = new Conversation(oneJob({}))
    shard.say([started, lease(ann, 1, priced)], 0)
    const end = attemptEnded(1, 1, ann, 'success')
    shard.say([end, end], hourMs)
    shard.say([end], 2 * hourMs)
    expect(shard.record.spent).toBeCloseTo(0.1, 9)
  })

  test('of attempts that were lost is paid too, and goes with the job', () => {
    const shard = new Conversation(oneJob({}))
    shard.say([started, lease(ann, 1, priced)], 0)
    shard.say([workerLost(ann, 'preempted')], hourMs)
    expect(shard.record.losses[0]?.spent).toBeCloseTo(0.1, 9)
    shard.say([lease(bob, 1, priced)], 2 * hourMs)
    shard.say([attemptEnded(1, 2, bob, 'success')], 3 * hourMs)
    expect(shard.record.spent).toBeCloseTo(0.2, 9)
  })

  test('is nothing where machines cost nothing', () => {
    const shard = new Conversation(oneJob({}))
    shard.say([started, lease(ann, 1)], 0)
    shard.say([attemptEnded(1, 1, ann, 'success')], hourMs)
    expect(shard.record.spent).toBeUndefined()
  })

  test('is told to the batch once, with the end of the shard', () => {
    const shard = new Conversation(oneJob({}))
    shard.say([started, lease(ann, 1, priced)], 0)
    shard.say([attemptEnded(1, 1, ann, 'success')], hourMs)
    const finish = effects(shard.plan, shard.record).find(({ kind }) => kind === 'finishShard')
    expect(finish).toMatchObject({ spent: shard.record.spent })
    const committed = reduceBatch(openBatch(), [{ at: 1, event: { type: 'updateCommitted', token: 't' } }])
    const event = { type: 'shardFinished', shard: shardId(0), counts: { ...noJobs, success: 1 }, spent: 0.1 } as const
    expect(
      reduceBatch(committed, [
        { at: 2, event },
        { at: 3, event },
      ]).spent,
    ).toBeCloseTo(0.1, 9)
  })
})

const openBatch = () =>
  newBatchRecord(
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
    { token: 't', jobs: 1, shards: 1, planHash: 'h' },
  )

describe('a pause', () => {
  const pause: ShardEvent = { type: 'pauseSet', reason: 'the batch has cost $2.00 and may cost $1.00' }
  const goOn: ShardEvent = { type: 'pauseSet' }
  const announced = (shard: Conversation) =>
    effects(shard.plan, shard.record).flatMap(({ kind, key }) => (kind === 'announceReadyWork' ? [key] : []))

  test('gives no job away and asks for no machine; what runs goes on', () => {
    const shard = twoJobs()
    shard.say([started, lease(ann, 1, { maxJobs: 1 }), pause])
    expect(shard.record.readyPools).toEqual([])
    expect(announced(shard)).toEqual([])
    expect(shard.grants(lease(bob, 1))).toEqual([])
    shard.say([attemptEnded(1, 1, ann, 'success')])
    expect(shard.states).toEqual(['Success', 'Ready'])
  })

  test('ends: work is announced anew, though it had been before', () => {
    const shard = twoJobs()
    shard.say([started])
    const before = announced(shard)
    shard.say([pause])
    shard.say([goOn])
    expect(announced(shard)).toHaveLength(2)
    expect(announced(shard).some((key) => before.includes(key))).toBe(false)
    expect(shard.record.readyPools).toEqual(['spot'])
    expect(shard.grants(lease(bob, 1))).toEqual([1, 2])
  })

  test('that is told twice changes nothing the second time', () => {
    const shard = twoJobs()
    shard.say([started, pause])
    const { record } = shard
    shard.say([pause])
    expect(shard.record).toBe(record)
  })
})
