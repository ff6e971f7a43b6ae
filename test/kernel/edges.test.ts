import { effects, indexPlan, rememberSent } from 'graupel/kernel'
import { type AttachedPorts, type ShardEvent, shardId } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { forked, shardOf, source, succeeded, told } from './forked-shards.ts'
import { resolved, started } from './shard-events.ts'
import { chunksOf, cutGraph } from './small-plans.ts'

describe('ports that a later update attaches', () => {
  const attached = (update: number, toShard: number): AttachedPorts => ({
    update,
    outPorts: [{ toShard, first: 0, count: 1, parents: [0] }],
  })
  const attach = (update: number): ShardEvent => ({ type: 'portsAttached', update })
  const [chunk] = chunksOf(forked, [1, 1, 1])
  if (chunk === undefined) throw new Error('three shards')

  test('are listed in the record once, in the order of the updates', () => {
    const shard = source()
    shard.say([attach(3), attach(2)])
    expect(shard.record.attached).toEqual([2, 3])
    const { record } = shard
    expect(shard.say([attach(3)]).outcomes).toEqual([{ kind: 'ignored', reason: 'alreadyAttached' }])
    expect(shard.record).toBe(record)
  })

  test('fire at once on jobs that have ended', () => {
    const shard = succeeded()
    shard.record = rememberSent(shard.plan, shard.record, told(shard))
    shard.say([attach(2)])
    const plan = indexPlan(chunk, [attached(2, 9)])
    expect(effects(plan, shard.record).map((effect) => effect.key)).toContain('edge:9:0:s')
  })

  test('what is stored as sent does not count as the edge of an earlier update that comes later', () => {
    const shard = succeeded()
    shard.say([attach(3)])
    const plan = indexPlan(chunk, [attached(3, 9)])
    shard.record = rememberSent(plan, shard.record, effects(plan, shard.record))
    expect(effects(plan, shard.record)).toEqual([])
    shard.say([attach(2)])
    const both = indexPlan(chunk, [attached(2, 8), attached(3, 9)])
    expect(effects(both, shard.record).map((effect) => effect.key)).toContain('edge:8:0:s')
  })

  test('what was sent under the old plan does not count as another edge of the new one', () => {
    const shard = succeeded()
    shard.say([attach(3)])
    const before = effects(indexPlan(chunk, [attached(3, 9)]), shard.record)
    shard.say([attach(2)])
    const plan = indexPlan(chunk, [attached(2, 8), attached(3, 9)])
    const record = rememberSent(plan, shard.record, before)
    expect(effects(plan, record).map((effect) => effect.key)).toContain('edge:8:0:s')
  })
})

describe('ports that are resolved', () => {
  const waiting = () => shardOf(cutGraph([{ parents: [] }, { parents: [] }, { parents: [1, 2] }], [1, 1, 1]), 2)

  test('a port is set once: a repeated or contradicting message changes nothing', () => {
    const shard = waiting()
    shard.say([started, resolved(0, [0])])
    const { record } = shard
    for (const event of [resolved(0, [0]), resolved(0, [], [0]), resolved(0, [0, 5, 99], [1000])])
      expect(shard.say([event]).outcomes).toEqual([{ kind: 'ignored', reason: 'alreadyResolved' }])
    expect(shard.record).toBe(record)
  })

  test('a port of another source is not touched', () => {
    const shard = waiting()
    shard.say([started, resolved(1, [0]), resolved(0, [1])])
    expect(shard.record.ports).toBe('..')
  })

  test('a range longer than all ports costs no more than the ports', () => {
    const shard = waiting()
    shard.say([started, { type: 'edgesResolved', fromShard: shardId(0), succeeded: [], failed: [[0, 2 ** 50]] }])
    expect(shard.record.ports).toBe('f.')
  })

  test('edges that come before the start are kept for it', () => {
    const shard = waiting()
    shard.say([resolved(0, [0]), resolved(1, [1])])
    expect(shard.states).toEqual(['Pending'])
    shard.say([started])
    expect(shard.states).toEqual(['Ready'])
  })

  test('a job whose parent failed elsewhere is cancelled, with the reason, only when all have ended', () => {
    const shard = waiting()
    shard.say([started, resolved(0, [], [0])])
    expect(shard.states).toEqual(['Pending'])
    shard.say([resolved(1, [1])])
    expect(shard.states).toEqual(['Cancelled'])
    expect(shard.record.ends).toEqual({ 0: { cause: 'parent' } })
  })
})
