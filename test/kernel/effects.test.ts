import fc from 'fast-check'
import { effects, indexPlan, isFinished, maxSentPorts, newShardRecord, reduce, rememberSent } from 'graupel/kernel'
import { type PlanChunk, type ShardEvent, shardId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { keysOf, shardOf, succeeded, told } from './forked-shards.ts'
import { LooseDelivery, randomNumbers } from './loose-delivery.ts'
import { randomBatch } from './random-batches.ts'
import { attemptEnded, Conversation, cancelBatch, cancelJobs, lease, resolved, started } from './shard-events.ts'
import { ann, chunksOf, cutGraph, oneShard, someBatch } from './small-plans.ts'

const ask = (byShard: number): ShardEvent => ({ type: 'edgesAsked', byShard: shardId(byShard) })
const sweep: ShardEvent = { type: 'swept', resend: true }

describe('what follows from a record', () => {
  test('each newly Ready job announces its pool, not only the first', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [], template: { spot: false } }]))
    expect(told(shard)).toEqual([])
    shard.say([started])
    expect(told(shard)).toEqual([
      { kind: 'announceReadyWork', key: 'ready:1:1:spot', pool: 'spot', shape: { isSpot: true }, notBefore: 0 },
      {
        kind: 'announceReadyWork',
        key: 'ready:2:1:standard',
        pool: 'standard',
        shape: { isSpot: false },
        notBefore: 0,
      },
    ])
  })

  test('where no machine is brought, only work that waits for its time is announced', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }]))
    shard.say([started])
    const record = { ...shard.record, notBefore: { 1: 5000 } }
    const keys = effects(shard.plan, record, 'delayed').map(({ key }) => key)
    expect(keys).toEqual(['ready:2:1:spot'])
  })

  test('an edge is told when all its parents have ended, and what they came to', () => {
    const shard = shardOf(cutGraph([{ parents: [] }, { parents: [] }, { parents: [1, 2] }], [2, 1]), 0)
    shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'image')])
    expect(keysOf(shard)).toEqual([])
    shard.say([attemptEnded(2, 1, ann, 'success')])
    expect(told(shard)).toEqual([
      { kind: 'resolveEdges', key: 'edge:1:0:f', toShard: 1, port: 0, hasSucceeded: false, edge: 0 },
      { kind: 'finishShard', key: 'finished', counts: shard.record.counts },
    ])
  })

  test('an ignored event brings out what a crash lost: the facts are the record’s, not the event’s', () => {
    const shard = succeeded()
    const before = keysOf(shard)
    shard.say([attemptEnded(1, 1, ann, 'success')])
    expect(before).toEqual(['edge:1:0:s', 'edge:2:0:s', 'finished'])
    expect(keysOf(shard)).toEqual(before)
  })

  test('a shard is not finished while anybody holds a lease in it, even if its jobs had all ended', () => {
    const { record } = succeeded()
    expect(isFinished(record)).toBe(true)
    const lease = { attempt: 1, worker: ann, request: 1, at: 0 }
    expect(isFinished({ ...record, leases: { 0: lease } })).toBe(false)
  })

  test('failures are counted for a batch that wants to know, errors among them', () => {
    const run = (reports: boolean) => {
      const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }, { parents: [] }], reports))
      shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'failed'), attemptEnded(2, 1, ann, 'image')])
      return keysOf(shard)
    }
    expect(run(true)).toEqual(['failures:2'])
    expect(run(false)).toEqual([])
  })

  test('every key of a record is there once, and the keys of lasting facts stay', () => {
    fc.assert(
      fc.property(randomBatch, fc.integer(), (batch, seed) => {
        const delivery = new LooseDelivery(batch, {
          random: randomNumbers(seed),
          repeats: 0.1,
          losses: 0,
          cancels: 0.005,
        })
        delivery.run()
        const shards = cutGraph(batch.graph, batch.sizes)
        for (const [shard, record] of delivery.records.entries()) {
          const plan = shards[shard]?.plan
          if (plan === undefined) throw new Error('a record has a plan')
          const keys = effects(plan, { ...record, sentPorts: '', sentFinished: false }).map((effect) => effect.key)
          expect(new Set(keys).size).toBe(keys.length)
          expect(keys.filter((key) => key.startsWith('edge:'))).toHaveLength(plan.outEdges.length)
          expect(keys).toContain('finished')
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('remembering what was sent', () => {
  test('takes away what was sent and nothing else', () => {
    const shard = succeeded()
    const all = told(shard)
    for (let bits = 0; bits < 2 ** all.length; bits++) {
      const sent = all.filter((_, place) => (bits >> place) % 2 === 1)
      const record = rememberSent(shard.plan, shard.record, sent)
      expect(effects(shard.plan, record)).toEqual(all.filter((effect) => !sent.includes(effect)))
    }
  })

  test('adds up, and is no commit of its own', () => {
    const shard = succeeded()
    const [first, second] = told(shard)
    if (first === undefined || second === undefined) throw new Error('two edges')
    shard.record = rememberSent(shard.plan, shard.record, [first])
    const both = rememberSent(shard.plan, shard.record, [second])
    expect(effects(shard.plan, both).map((effect) => effect.key)).toEqual(['finished'])
    expect(both.version).toBe(shard.record.version)
    expect(rememberSent(shard.plan, both, [first, second])).toBe(both)
    expect(rememberSent(shard.plan, both, [])).toBe(both)
  })

  test('survives the next event', () => {
    const shard = shardOf(cutGraph([{ parents: [] }, { parents: [] }, { parents: [1] }], [2, 1]), 0)
    shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')])
    shard.record = rememberSent(shard.plan, shard.record, told(shard))
    shard.say([attemptEnded(2, 1, ann, 'success')])
    expect(keysOf(shard)).toEqual(['finished'])
  })

  test('announcements, stops and failures are not stored: they go away by themselves', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }], true))
    shard.say([started, lease(ann, 1, { maxJobs: 1 }), cancelJobs(1)])
    expect(keysOf(shard)).toEqual(['ready:2:1:spot', 'stop:1:1'])
    expect(rememberSent(shard.plan, shard.record, told(shard))).toBe(shard.record)
    shard.say([cancelBatch, attemptEnded(1, 1, ann, 'stopped')])
    expect(keysOf(shard)).toEqual(['finished'])
  })

  test('above 16,384 edges nothing is stored, and all of them are told again', () => {
    const outPorts = Array.from({ length: maxSentPorts + 1 }, (_, shard) => ({
      toShard: shard + 1,
      first: 0,
      count: 1,
      parents: [0],
    }))
    const [chunk] = chunksOf([{ parents: [] }], [1])
    if (chunk === undefined) throw new Error('one shard')
    const wide: PlanChunk = { ...chunk, outPorts }
    const shard = new Conversation({ plan: indexPlan(wide), record: newShardRecord(someBatch, wide, 0) })
    shard.say([started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')])
    const record = rememberSent(shard.plan, shard.record, told(shard))
    expect(record.sentPorts).toBe('')
    expect(effects(shard.plan, record)).toHaveLength(maxSentPorts + 1)
  })
})

describe('forgetting what was sent', () => {
  const silent = (): Conversation => {
    const shard = succeeded()
    shard.record = rememberSent(shard.plan, shard.record, told(shard))
    expect(told(shard)).toEqual([])
    return shard
  }

  test('a sweep that asks brings all of it back', () => {
    const shard = silent()
    shard.say([sweep])
    expect(keysOf(shard)).toEqual(['edge:1:0:s', 'edge:2:0:s', 'finished'])
  })

  test('a sweep that does not ask changes nothing', () => {
    const shard = silent()
    const { record } = shard
    shard.say([{ type: 'swept', resend: false }])
    expect(shard.record).toBe(record)
  })

  test('a shard that asks gets its own edges again and no others', () => {
    const shard = silent()
    shard.say([ask(2)])
    expect(keysOf(shard)).toEqual(['edge:2:0:s'])
  })

  test('who has no edges here, or whose edges are not known as sent, asks in vain', () => {
    const shard = silent()
    const { record } = shard
    expect(shard.say([ask(5)]).outcomes).toEqual([{ kind: 'ignored', reason: 'nothingAsked' }])
    expect(shard.record).toBe(record)
    const young = succeeded()
    expect(young.say([ask(1)]).outcomes).toEqual([{ kind: 'ignored', reason: 'nothingAsked' }])
  })

  test('a shard that was swept asks the sources of its open ports, each sweep anew', () => {
    const graph = [{ parents: [] }, { parents: [] }, { parents: [] }, { parents: [1, 2, 3] }, { parents: [1] }]
    const shard = shardOf(cutGraph(graph, [1, 1, 1, 2]), 3)
    shard.say([started, resolved(1, [1])])
    expect(told(shard)).toEqual([])
    shard.say([sweep])
    expect(told(shard)).toEqual([
      { kind: 'askEdges', key: 'ask:0:1', fromShard: 0 },
      { kind: 'askEdges', key: 'ask:2:1', fromShard: 2 },
    ])
    shard.say([resolved(0, [0]), sweep])
    expect(keysOf(shard).filter((key) => key.startsWith('ask'))).toEqual(['ask:2:2'])
  })
})

test('events of one message come one version further together', () => {
  const { plan, record } = oneShard([{ parents: [] }])
  const events = [started, lease(ann, 1), attemptEnded(1, 1, ann, 'success')].map((event) => ({ at: 5, event }))
  const { record: next, outcomes } = reduce(plan, record, events)
  expect(next).toMatchObject({ version: record.version + 1, states: 'S', lastAt: 5 })
  expect(outcomes).toHaveLength(3)
})
