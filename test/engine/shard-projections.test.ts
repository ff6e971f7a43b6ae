import type { ShardEvent, ShardRecord } from 'graupel/model'
import { expect, test } from 'vitest'
import { projectionsOf } from '../../client/src/engine/shard-projections.ts'
import { attemptEnded, attemptStarted, Conversation, lease, started, workerLost } from '../kernel/shard-events.ts'
import { ann, bob, oneJob } from '../kernel/small-plans.ts'

/** What is told of a job that ann has, when these events are committed together. */
function toldOf(events: readonly ShardEvent[], template: Parameters<typeof oneJob>[0] = {}) {
  const shard = new Conversation(oneJob(template))
  const whole = { cpuMillis: 1000, memoryBytes: 1000, storageBytes: 1000 }
  shard.say([started, lease(ann, 1, { free: whole, total: whole, dollarsPerHour: 3.6 })], 1000)
  const before: ShardRecord = shard.record
  const { outcomes, record } = shard.say(events, 11_000)
  const ended = outcomes.flatMap((outcome) => (outcome.kind === 'applied' ? (outcome.ended ?? []) : []))
  const [projection] = projectionsOf(shard.plan, before, record, ended)
  return projection?.fields
}

const patient = { retry: { failed: 5, preempted: 20, infrastructure: 5, onDemandAfter: 3 } }

test('an attempt whose end is committed with the next grant is told of, with its cost', () => {
  const end = attemptEnded(1, 1, ann, 'failed', { exitCode: 3, startedAt: 2000, endedAt: 9000 })
  expect(toldOf([end, lease(bob, 1)], patient)).toMatchObject({
    state: 'Creating',
    attempt: 2,
    worker: bob,
    cost: 0.01,
    attempts: { 1: { worker: ann, startedAt: 2000, endedAt: 9000, cause: 'failed', exitCode: 3, cost: 0.01 } },
  })
})

test('several attempts that end in one commit are all told of', () => {
  const events = [attemptEnded(1, 1, ann, 'failed'), lease(bob, 1), attemptEnded(1, 2, bob, 'outOfDisk')]
  expect(toldOf(events, patient)).toMatchObject({
    state: 'Error',
    worker: bob,
    attempts: { 1: { cause: 'failed' }, 2: { cause: 'outOfDisk' } },
  })
})

test('a machine that was taken away is told as that, not as lost', () => {
  const told = toldOf([workerLost(ann, 'preempted')])
  expect(told).toMatchObject({ state: 'Ready', attempts: { 1: { cause: 'preempted', message: undefined } } })
})

test('the end of an attempt that is over already is not told as that of the next', () => {
  const events = [workerLost(ann), lease(bob, 1), attemptEnded(1, 1, ann, 'failed', { exitCode: 9 })]
  const told = toldOf(events)
  expect(told).toMatchObject({ state: 'Creating', attempt: 2, attempts: { 1: { cause: 'infrastructure' } } })
  expect(told).not.toHaveProperty('exitCode')
})

test('a job that has just started tells its start and no attempt that is over', () => {
  const told = toldOf([attemptStarted(1, 1, ann)])
  expect(told).toMatchObject({ state: 'Running', startedAt: 0, worker: ann })
  expect(told).not.toHaveProperty('attempts')
})
