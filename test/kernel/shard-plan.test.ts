import { effects, indexPlan, newShardRecord, plannedJob, reduce, templateOf } from 'graupel/kernel'
import type { PlanChunk, ShardRecord } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { Conversation, resolved, started } from './shard-events.ts'
import { chunksOf, someBatch } from './small-plans.ts'

function chunkWith(changes: Partial<PlanChunk>, jobs = 3): PlanChunk {
  const [chunk] = chunksOf(
    Array.from({ length: jobs }, () => ({ parents: [] })),
    [jobs],
  )
  if (chunk === undefined) throw new Error('one shard')
  return { ...chunk, ...changes }
}

const jobWith = (template: number, parents: number[]) => ({ template, detail: { object: 'none' }, parents })

describe('ports by the run', () => {
  test('an in-port of count 3 gives each child a port of its own', () => {
    const chunk = chunkWith({ inPorts: [{ fromShard: 4, first: 0, count: 3, children: [[0, 2]] }] })
    const shard = new Conversation({ plan: indexPlan(chunk), record: newShardRecord(someBatch, chunk, 0) })
    shard.say([started, resolved(4, [1])])
    expect(shard.states).toEqual(['Pending', 'Ready', 'Pending'])
    shard.say([resolved(4, [[0, 2]].flat(), [])])
    expect(shard.states).toEqual(['Ready', 'Ready', 'Ready'])
  })

  test('an out-port of count 3 is told parent by parent', () => {
    const chunk = chunkWith({ outPorts: [{ toShard: 4, first: 7, count: 3, parents: [[0, 2]] }] })
    const record: ShardRecord = { ...newShardRecord(someBatch, chunk, 0), states: 'SrF' }
    const keys = effects(indexPlan(chunk), record).map((effect) => effect.key)
    expect(keys.filter((key) => key.startsWith('edge'))).toEqual(['edge:4:7:s', 'edge:4:9:f'])
  })

  test('an in-port of count 1 holds all its children', () => {
    const chunk = chunkWith({ inPorts: [{ fromShard: 4, first: 0, count: 1, children: [[0, 1]] }] })
    const shard = new Conversation({ plan: indexPlan(chunk), record: newShardRecord(someBatch, chunk, 0) })
    shard.say([started])
    expect(shard.states).toEqual(['Pending', 'Pending', 'Ready'])
    shard.say([resolved(4, [0])])
    expect(shard.states).toEqual(['Ready', 'Ready', 'Ready'])
  })
})

describe('a damaged plan is refused when it is read, not at some later event', () => {
  test.each<[string, Partial<PlanChunk>, RegExp]>([
    ['a job that depends on itself', { jobs: [jobWith(0, [0])] }, /its job 0 depends on its job 0/],
    [
      'a job that depends on a later one',
      { jobs: [jobWith(0, [1]), jobWith(0, [])] },
      /its job 0 depends on its job 1/,
    ],
    ['a job without template', { jobs: [jobWith(9, [])] }, /its job 0 has template 9/],
    [
      'an in-port for a job that is not there',
      { inPorts: [{ fromShard: 1, first: 0, count: 1, children: [3] }] },
      /its job 3 waits for shard 1/,
    ],
    [
      'a gap in the in-ports',
      { inPorts: [{ fromShard: 1, first: 1, count: 1, children: [0] }] },
      /in-port 1 is one of 1/,
    ],
    [
      'one in-port twice',
      {
        inPorts: [
          { fromShard: 1, first: 0, count: 1, children: [0] },
          { fromShard: 2, first: 0, count: 1, children: [0] },
        ],
      },
      /2 in-ports have 1 numbers/,
    ],
    [
      'more in-ports than a shard may have',
      { inPorts: [{ fromShard: 1, first: 0, count: 16_385, children: [0] }] },
      /16385 in-ports/,
    ],
    [
      'an out-port of a job that is not there',
      { outPorts: [{ toShard: 1, first: 0, count: 1, parents: [[0, 3]] }] },
      /shard 1 waits for its job 3/,
    ],
    [
      'out-ports without parents',
      { outPorts: [{ toShard: 1, first: 0, count: 3, parents: [0, 1] }] },
      /3 ports of shard 1/,
    ],
  ])('%s', (_, changes, message) => {
    expect(() => indexPlan(chunkWith(changes))).toThrow(message)
    expect(() => indexPlan(chunkWith(changes))).toThrow(/^the plan of shard 0 is damaged/)
  })

  test('attached ports are looked at as well', () => {
    const attached = { update: 2, outPorts: [{ toShard: 1, first: 0, count: 1, parents: [5] }] }
    expect(() => indexPlan(chunkWith({}), [attached])).toThrow(/waits for its job 5/)
  })

  test('asking for a job that is not there throws', () => {
    const plan = indexPlan(chunkWith({}))
    expect(() => plannedJob(plan, 3)).toThrow('shard 0 has no job at index 3')
    expect(templateOf(plan, 2).cpuMillis).toBe(1000)
  })
})

describe('a record that does not belong to its plan is refused', () => {
  test.each<[string, Partial<ShardRecord>]>([
    ['of another size', { states: 'pp', attempts: '0000' }],
    ['of other ports', { ports: '.' }],
    ['of other jobs', { firstJob: 2 }],
    ['with a state that is none', { states: 'pzp' }],
    ['with attempts that are no numbers', { attempts: '00zz00' }],
    ['with too few attempts', { attempts: '00' }],
  ])('%s', (_, damage) => {
    const chunk = chunkWith({})
    const record = { ...newShardRecord(someBatch, chunk, 0), ...damage }
    expect(() => reduce(indexPlan(chunk), record, [{ at: 0, event: started }])).toThrow()
  })
})

test('a new record is all Pending, not started, with its ports open', () => {
  const chunk = chunkWith({ inPorts: [{ fromShard: 4, first: 0, count: 3, children: [[0, 2]] }] })
  expect(newShardRecord(someBatch, chunk, 17)).toMatchObject({
    version: 1,
    states: 'ppp',
    attempts: '000000',
    ports: '...',
    isStarted: false,
    isCancelled: false,
    counts: { pending: 3, ready: 0 },
    readyPools: [],
    lastAt: 17,
  })
})
