import { PushWatch } from '@graupel/functions/kernel/push-watch'
import { expect, test } from 'vitest'
import { StoppedClock } from '../task-server/stopped-clock.ts'

/** A watch over an engine that is busy until told. */
function makeWatch() {
  const clock = new StoppedClock()
  const idle = Promise.withResolvers<void>()
  const watch = new PushWatch({ clock, engine: { idle: () => idle.promise } })
  const answered: string[] = []
  return {
    clock,
    answered,
    becomeIdle: idle.resolve,
    async push(name: string, work: Promise<unknown> = Promise.resolve()): Promise<void> {
      await watch.during(() => work)
      answered.push(name)
    },
  }
}

/** All that can go on without time or another push has gone on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('the last push is answered when what it has set off is done', async () => {
  const { push, answered, becomeIdle, clock } = makeWatch()
  const only = push('only')
  await settle()
  expect(answered).toEqual([])
  becomeIdle()
  await only
  expect(answered).toEqual(['only'])
  expect(clock.sleepers).toBe(0)
})

test('another push takes over at once, and the first of two is not held up', async () => {
  const { push, answered, becomeIdle } = makeWatch()
  const first = push('first')
  await settle()
  const work = Promise.withResolvers<void>()
  const slow = push('slow', work.promise)
  await first
  await push('quick')
  expect(answered).toEqual(['first', 'quick'])
  work.resolve()
  await settle()
  expect(answered).toEqual(['first', 'quick'])
  becomeIdle()
  await slow
  expect(answered).toEqual(['first', 'quick', 'slow'])
})

test('no push is held longer than Pub/Sub waits', async () => {
  const { push, answered, clock } = makeWatch()
  const only = push('only')
  await settle()
  clock.advance(89_999)
  await settle()
  expect(answered).toEqual([])
  clock.advance(1)
  await only
})

test('a push that failed is held as well, and still fails', async () => {
  const { push, becomeIdle, clock } = makeWatch()
  const failed = push('failed', Promise.reject(new Error('no commit')))
  await settle()
  expect(clock.sleepers).toBe(1)
  becomeIdle()
  await expect(failed).rejects.toThrow('no commit')
})
