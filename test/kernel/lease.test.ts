import fc from 'fast-check'
import { effects, type Reply } from 'graupel/kernel'
import { poolId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { attemptEnded, Conversation, cancelBatch, lease, plenty, started, workerLost } from './shard-events.ts'
import { ann, bob, oneJob, oneShard } from './small-plans.ts'

const independent = (count: number, template = {}) =>
  new Conversation(oneShard(Array.from({ length: count }, () => ({ parents: [], template }))))

const grantsIn = (reply: Reply | undefined) => (reply?.kind === 'granted' ? reply.grants : [])

/** A conversation about a job that has lost its worker so often. */
function afterLosses(count: number, others = 0): Conversation {
  const shard = independent(1 + others)
  shard.say([started])
  for (let loss = 0; loss < count; loss++) {
    expect(shard.grants(lease(bob, 100 + loss, { maxJobs: 1 }), (loss + 1) * 1_000_000)).toEqual([1])
    shard.say([workerLost(bob)])
  }
  return shard
}
const later = 100_000_000

describe('granting', () => {
  test('nothing is granted before the batch has started', () => {
    expect(independent(2).grants(lease(ann, 1))).toEqual([])
  })

  test('a grant is the first attempt, leased to the worker that asked, at the time of the request', () => {
    const shard = independent(1)
    shard.say([started])
    const { outcomes } = shard.say([lease(ann, 7)], 5000)
    expect(grantsIn(outcomes[0]?.reply)).toEqual([
      { job: 1, attempt: 1, memoryBytes: 1000, takes: { cpuMillis: 1000, memoryBytes: 1000, storageBytes: 1000 } },
    ])
    expect(shard.states).toEqual(['Creating'])
    expect(shard.record.leases).toEqual({ 0: { attempt: 1, worker: ann, request: 7, at: 5000 } })
  })

  test('no more jobs than asked for', () => {
    const shard = independent(5)
    shard.say([started])
    expect(shard.grants(lease(ann, 1, { maxJobs: 2 }))).toEqual([1, 2])
    expect(shard.grants(lease(ann, 2, { maxJobs: 2 }))).toEqual([3, 4])
  })

  test('jobs that always run come before the others', () => {
    const shard = new Conversation(
      oneShard([{ parents: [] }, { parents: [], template: { alwaysRun: true } }, { parents: [] }]),
    )
    shard.say([started])
    expect(shard.grants(lease(ann, 1, { maxJobs: 2 }))).toEqual([2, 1])
  })

  test('a cancelled shard grants what always runs and nothing else', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [], template: { alwaysRun: true } }]))
    shard.say([cancelBatch, started])
    expect(shard.grants(lease(ann, 1))).toEqual([2])
  })

  test('a request repeated after a lost answer gets the same jobs with the same attempts, and none besides', () => {
    const shard = independent(4)
    shard.say([started])
    const first = shard.say([lease(ann, 1, { maxJobs: 2 })])
    const { record } = shard
    const again = shard.say([lease(ann, 1, { maxJobs: 4 })], 9000)
    expect(again.outcomes).toEqual(first.outcomes)
    expect(shard.record).toBe(record)
    expect(shard.grants(lease(bob, 1))).toEqual([3, 4])
  })

  test('a job that has ended is not in the repeated answer', () => {
    const shard = independent(2)
    shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')])
    expect(shard.grants(lease(ann, 1))).toEqual([2])
  })
})

describe('fitting', () => {
  const sized = { cpuMillis: 2000, memoryBytes: 4000, storageBytes: 8000 }
  const exactly = { cpuMillis: 2000, memoryBytes: 4000, storageBytes: 8000 }

  test.each([
    ['cpu', { ...exactly, cpuMillis: 1999 }],
    ['memory', { ...exactly, memoryBytes: 3999 }],
    ['disk', { ...exactly, storageBytes: 7999 }],
  ])('a job is not granted to a worker with too little %s free', (_, free) => {
    const shard = new Conversation(oneJob(sized))
    shard.say([started])
    expect(shard.grants(lease(ann, 1, { free }))).toEqual([])
    expect(shard.grants(lease(ann, 2, { free: exactly }))).toEqual([1])
  })

  test('each grant takes its share of what is free', () => {
    const shard = independent(5, sized)
    shard.say([started])
    const free = { cpuMillis: 5000, memoryBytes: 16_000, storageBytes: 80_000 }
    expect(shard.grants(lease(ann, 1, { free }))).toEqual([1, 2])
  })

  test('a job that does not fit lets a smaller one pass', () => {
    const shard = new Conversation(oneShard([{ parents: [], template: sized }, { parents: [] }]))
    shard.say([started])
    expect(shard.grants(lease(ann, 1, { free: { ...exactly, cpuMillis: 1000 } }))).toEqual([2])
  })

  test('a job larger than the whole worker takes all of it', () => {
    const shard = new Conversation(oneJob({ cpuMillis: 64_000, memoryBytes: 1e12, storageBytes: 1e12 }))
    shard.say([started])
    const { outcomes } = shard.say([lease(ann, 1, { free: exactly, total: exactly })])
    expect(grantsIn(outcomes[0]?.reply)).toEqual([{ job: 1, attempt: 1, memoryBytes: 1e12, takes: exactly }])
  })

  test('a job larger than a worker that must fit waits for another, but for a little, or if it named the machine', () => {
    const grantsOf = (template: object) => {
      const shard = new Conversation(oneJob({ ...sized, ...template }))
      shard.say([started])
      // Work is leased ahead, as if the machine were there twice.
      const free = { cpuMillis: 4000, memoryBytes: 8000, storageBytes: 16_000 }
      return shard.grants(lease(ann, 1, { free, total: exactly, mustFit: true, pool: poolOf(template) }))
    }
    const poolOf = (template: object) => ('machineType' in template ? undefined : poolId('spot'))
    expect(grantsOf({})).toEqual([1])
    expect(grantsOf({ cpuMillis: 2001 })).toEqual([])
    expect(grantsOf({ memoryBytes: 4400 })).toEqual([1])
    expect(grantsOf({ memoryBytes: 4500 })).toEqual([])
    expect(grantsOf({ storageBytes: 9000 })).toEqual([])
    expect(grantsOf({ machineType: 'e2-small', memoryBytes: 1e9 })).toEqual([1])
  })

  test('whatever is asked, the grants together fit what is free', () => {
    const amount = fc.integer({ min: 1, max: 10_000 })
    const resources = fc.record({ cpuMillis: amount, memoryBytes: amount, storageBytes: amount })
    fc.assert(
      fc.property(fc.array(resources, { minLength: 1, maxLength: 30 }), resources, (sizes, free) => {
        const shard = new Conversation(oneShard(sizes.map((template) => ({ parents: [], template }))))
        shard.say([started])
        const grants = grantsIn(shard.say([lease(ann, 1, { free, total: free })]).outcomes[0]?.reply)
        for (const unit of ['cpuMillis', 'memoryBytes', 'storageBytes'] as const)
          expect(grants.reduce((sum, grant) => sum + grant.takes[unit], 0)).toBeLessThanOrEqual(free[unit])
        expect(grants.length).toBeGreaterThan(0)
      }),
      { numRuns: 100 },
    )
  })
})

describe('pools', () => {
  test('a worker of a pool gets jobs of that pool only; one of no pool gets any', () => {
    const jobs = [{ parents: [], template: { spot: false } }, { parents: [] }]
    const shard = new Conversation(oneShard(jobs))
    shard.say([started])
    expect(shard.record.readyPools).toEqual(['spot', 'standard'])
    expect(shard.grants(lease(ann, 1, { pool: poolId('spot') }))).toEqual([2])
    expect(shard.record.readyPools).toEqual(['standard'])
    expect(shard.grants(lease(ann, 2, { pool: poolId('spot') }))).toEqual([])
    expect(shard.grants(lease(ann, 3))).toEqual([1])
  })
})

describe('a job that asked for a whole machine', () => {
  const template = { machineType: 'n2-highmem-8' }

  test('gets one of its pool, all of it, and shares it with nobody', () => {
    const conversation = new Conversation(oneShard([1, 2].map(() => ({ parents: [], template }))))
    conversation.say([started])
    const [pool = poolId('none')] = conversation.record.readyPools
    const ask = (request: number, isEmpty: boolean) => lease(ann, request, { pool, isEmpty })
    expect(conversation.grants(ask(1, true))).toEqual([1])
    expect(conversation.grants(ask(2, false))).toEqual([])
    expect(conversation.grants(lease(bob, 3, { pool }))).toEqual([2])
  })

  test('runs beside others on a worker of no pool, which was not made for it', () => {
    const conversation = new Conversation(oneShard([1, 2].map(() => ({ parents: [], template }))))
    conversation.say([started])
    expect(conversation.grants(lease(ann, 1))).toEqual([1, 2])
  })
})

describe('after two lost workers a job runs alone', () => {
  test('one loss does not isolate it', () => {
    expect(afterLosses(1).grants(lease(ann, 1, { isEmpty: false }), later)).toEqual([1])
  })

  test('a worker that has other jobs does not get it, an empty one does', () => {
    const shard = afterLosses(2)
    expect(shard.grants(lease(ann, 1, { isEmpty: false }), later)).toEqual([])
    expect(shard.grants(lease(ann, 2), later)).toEqual([1])
  })

  test('it comes first on an empty worker, takes all of it, and nothing is granted beside it', () => {
    const shard = afterLosses(2, 3)
    const total = { ...plenty, cpuMillis: 4000 }
    const { outcomes } = shard.say([lease(ann, 1, { free: total, total })], later)
    expect(grantsIn(outcomes[0]?.reply)).toMatchObject([{ job: 1, takes: total }])
    expect(shard.say([lease(ann, 1, { free: total, total })], later).outcomes).toEqual(outcomes)
  })

  test('nothing is granted beside it, even to a worker that claims more room than it has', () => {
    const total = { cpuMillis: 4000, memoryBytes: 4000, storageBytes: 4000 }
    expect(afterLosses(2, 3).grants(lease(ann, 1, { total }), later)).toEqual([1])
  })

  test('while it runs its worker gets no other job of the shard, even if it claims to be empty', () => {
    const shard = afterLosses(2, 3)
    shard.say([lease(ann, 1)], later)
    expect(shard.grants(lease(ann, 2, { isEmpty: false }))).toEqual([])
    expect(shard.grants(lease(ann, 3))).toEqual([])
    expect(shard.grants(lease(bob, 4))).toEqual([2, 3, 4])
    shard.say([attemptEnded(1, 3, ann, 'success')])
    shard.say([workerLost(bob)])
    expect(shard.grants(lease(ann, 5))).toEqual([2, 3, 4])
  })

  test('it is not put beside a job that was granted by the same request', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [], template: { alwaysRun: true } }]))
    shard.say([started])
    const both = new Conversation({ ...shard, record: { ...shard.record, losses: { 0: { infrastructure: 2 } } } })
    expect(both.states).toEqual(['Ready', 'Ready'])
    expect(both.grants(lease(ann, 1), later)).toEqual([2])
    expect(both.grants(lease(ann, 2, { isEmpty: false }), later)).toEqual([])
    expect(both.grants(lease(bob, 4), later)).toEqual([1])
  })
})

describe('backing off', () => {
  test('a job is not granted before its time, and its announcement says when that is', () => {
    const shard = afterLosses(1)
    shard.grants(lease(bob, 200), 5_000_000)
    shard.say([workerLost(bob)], 6_000_000)
    expect(shard.record.notBefore).toEqual({ 0: 6_002_000 })
    expect(effects(shard.plan, shard.record)).toMatchObject([{ kind: 'announceReadyWork', notBefore: 6_002_000 }])
    expect(shard.grants(lease(ann, 1), 6_001_999)).toEqual([])
    expect(shard.grants(lease(ann, 2), 6_002_000)).toEqual([1])
    expect(shard.record.notBefore).toEqual({})
  })

  test('a job that is cancelled while it backs off leaves no time behind', () => {
    const shard = afterLosses(1)
    shard.grants(lease(bob, 200), 5_000_000)
    shard.say([workerLost(bob), cancelBatch], 6_000_000)
    expect(shard.states).toEqual(['Cancelled'])
    expect(shard.record.notBefore).toEqual({})
  })

  test('a stored time does not move when the loss is reported again', () => {
    const shard = afterLosses(1)
    shard.grants(lease(bob, 200), 5_000_000)
    shard.say([workerLost(bob)], 6_000_000)
    shard.say([workerLost(bob)], 7_000_000)
    expect(shard.record.notBefore).toEqual({ 0: 6_002_000 })
  })

  test('an event that was stamped by a slow clock does not turn the time back', () => {
    const shard = afterLosses(1)
    shard.grants(lease(bob, 200), 5_000_000)
    shard.say([workerLost(bob)], 4_000_000)
    expect(shard.record.lastAt).toBe(5_000_000)
    expect(shard.record.notBefore).toEqual({ 0: 5_002_000 })
  })
})
