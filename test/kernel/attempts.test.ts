import type { ShardEvent } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  attemptEnded,
  attemptStarted,
  Conversation,
  cancelJobs,
  holdings,
  lease,
  started,
  workerLost,
} from './shard-events.ts'
import { ann, bob, oneJob, oneShard } from './small-plans.ts'

function inFlight(): Conversation {
  const shard = new Conversation(oneJob())
  shard.say([started, lease(ann, 1)], 1000)
  return shard
}

describe('only the current attempt is heard', () => {
  test('its start makes the job Running and is kept with the lease', () => {
    const shard = inFlight()
    shard.say([{ type: 'attemptStarted', job: 1, attempt: 1, worker: ann, startedAt: 777 }])
    expect(shard.states).toEqual(['Running'])
    expect(shard.record.leases[0]).toEqual({ attempt: 1, worker: ann, request: 1, at: 1000, startedAt: 777 })
  })

  test('its end may come before its start', () => {
    const shard = inFlight()
    const { outcomes } = shard.say([attemptEnded(1, 1, ann, 'success'), attemptStarted(1, 1, ann)])
    expect(shard.states).toEqual(['Success'])
    expect(outcomes).toMatchObject([{ kind: 'applied' }, { kind: 'ignored', reason: 'alreadyTerminal' }])
  })

  test.each<[string, ShardEvent, string]>([
    ['a later attempt', attemptEnded(1, 2, ann, 'success'), 'staleAttempt'],
    ['another worker', attemptEnded(1, 1, bob, 'success'), 'otherWorker'],
    ['the start of another worker', attemptStarted(1, 1, bob), 'otherWorker'],
    ['a job of another shard', attemptEnded(2, 1, ann, 'success'), 'unknownJob'],
    ['a job before the first', attemptEnded(-5, 1, ann, 'success'), 'unknownJob'],
    ['a worker that holds nothing', workerLost(bob), 'nothingHeld'],
  ])('%s changes nothing, with a named reason', (_, event, reason) => {
    const shard = inFlight()
    const { record } = shard
    expect(shard.say([event]).outcomes).toEqual([{ kind: 'ignored', reason }])
    expect(shard.record).toBe(record)
  })

  test('a retired attempt is not heard any more, not even its success', () => {
    const shard = inFlight()
    shard.say([workerLost(ann), attemptEnded(1, 1, ann, 'success')])
    expect(shard.states).toEqual(['Ready'])
    shard.say([lease(bob, 1)])
    expect(shard.say([attemptEnded(1, 1, ann, 'success')]).outcomes).toEqual([
      { kind: 'ignored', reason: 'staleAttempt' },
    ])
    shard.say([attemptEnded(1, 2, bob, 'image'), attemptEnded(1, 1, ann, 'success')])
    expect(shard.states).toEqual(['Error'])
  })
})

describe('a lost worker', () => {
  test('loses all its jobs here and nobody else’s', () => {
    const shard = new Conversation(oneShard([{ parents: [] }, { parents: [] }, { parents: [] }]))
    shard.say([started, lease(ann, 1, { maxJobs: 2 }), lease(bob, 1), attemptStarted(2, 1, ann), workerLost(ann)])
    expect(shard.states).toEqual(['Ready', 'Ready', 'Creating'])
    expect(Object.keys(shard.record.leases)).toEqual(['2'])
  })

  test('ends a job that was to be stopped as Cancelled', () => {
    const shard = inFlight()
    shard.say([cancelJobs(1), workerLost(ann, 'preempted')])
    expect(shard.states).toEqual(['Cancelled'])
  })
})

describe('a live worker reports what it holds', () => {
  const graceMs = 120_000
  const report = (at: number, event: ShardEvent) => {
    const shard = inFlight()
    const { outcomes } = shard.say([event], at)
    return { state: shard.states[0], reply: outcomes[0]?.reply, shard }
  }

  test('a lease of an answered request that it does not hold is retired two minutes after it was given', () => {
    expect(report(1000 + graceMs - 1, holdings(ann, [])).state).toBe('Creating')
    const { state, shard } = report(1000 + graceMs, holdings(ann, []))
    expect(state).toBe('Ready')
    expect(shard.record.losses).toMatchObject({ 0: { infrastructure: 1 } })
  })

  test.each<[string, ShardEvent]>([
    ['it holds', holdings(ann, [[1, 1]])],
    ['another worker does not hold', holdings(bob, [])],
    ['answers a request that is still open', holdings(ann, [], { open: 1 })],
    ['answers a request that it has not issued yet', holdings(ann, [], { highest: 0 })],
  ])('a lease that %s stays, however old', (_, event) => {
    expect(report(1e12, event).state).toBe('Creating')
  })

  test('a lease that is held by another attempt number is retired', () => {
    expect(report(1e12, holdings(ann, [[1, 2]])).state).toBe('Ready')
  })

  test('a lease that was to be stopped and is not held any more ends its job as Cancelled', () => {
    const shard = inFlight()
    shard.say([cancelJobs(1)])
    shard.say([holdings(ann, [])], 1e12)
    expect(shard.states).toEqual(['Cancelled'])
  })

  test('it is told to go on with what is current and to stop the rest', () => {
    const graph = Array.from({ length: 4 }, () => ({ parents: [] }))
    const shard = new Conversation(oneShard(graph))
    shard.say([started, lease(ann, 1, { maxJobs: 3 }), lease(bob, 1)])
    shard.say([cancelJobs(2), attemptEnded(3, 1, ann, 'image')])
    const held: [number, number][] = [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [1, 2],
    ]
    const stops = held.slice(1).map(([job, attempt]) => ({ job, attempt }))
    const { record } = shard
    expect(shard.say([holdings(ann, held)]).outcomes).toEqual([
      { kind: 'ignored', reason: 'nothingHeld', reply: { kind: 'held', stops } },
    ])
    expect(shard.record).toBe(record)
  })
})
