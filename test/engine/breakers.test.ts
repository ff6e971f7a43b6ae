import { poolId } from 'graupel/model'
import { expect, test } from 'vitest'
import { close, isClosed, trip } from '../../client/src/engine/breakers.ts'
import { noteOutcome } from '../../client/src/engine/launch-outcome.ts'
import { newPool } from '../../client/src/engine/pool-record.ts'

const place = { region: 'here', family: 'n2', isSpot: true }
const refusal = { cause: 'stockout', message: 'none' } as const

test('after each refusal in a row the pause is twice as long, up to ten minutes', () => {
  let breakers = trip([], [place], refusal, 0)
  const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
    const pauseMs = breakers[0]?.until ?? 0
    breakers = trip(breakers, [place], refusal, 0)
    return pauseMs / 1000
  })
  expect(pauses).toEqual([30, 60, 120, 240, 480, 600, 600])
  expect(breakers[0]?.since).toBe(0)
})

test('a refusal of one family, or of Spot machines, says nothing of others', () => {
  const breakers = trip([], [place, { ...place, family: 'n2d' }], { ...refusal, families: ['n2d'] }, 0)
  expect(isClosed(breakers, place, 1)).toBe(true)
  expect(isClosed(breakers, { ...place, family: 'n2d' }, 1)).toBe(false)
  expect(isClosed(breakers, { ...place, family: 'n2d', isSpot: false }, 1)).toBe(true)
  expect(isClosed(breakers, { ...place, family: 'n2d' }, 30_000)).toBe(true)
  expect(close(breakers, [{ ...place, family: 'n2d' }])).toEqual([])
})

const intent = {
  window: 1,
  requestId: 'r',
  region: 'here',
  isSpot: true,
  machineTypes: ['n2-standard-16'],
  names: ['a', 'b'],
  at: 0,
}
const record = { ...newPool(poolId('spot')), intents: [intent] }

test('an operation is remembered until its outcome is known, and then only what came is awaited', () => {
  const started = noteOutcome(record, intent, { kind: 'underWay', operation: 'op' }, 1)
  expect(started.intents[0]).toEqual({ ...intent, operation: 'op' })
  const ended = noteOutcome(started, intent, { kind: 'launched', names: ['b'], refusal }, 2)
  expect(ended.intents[0]).toEqual({ ...intent, names: ['b'] })
  expect(ended).toMatchObject({ breakers: [{ family: 'n2', cause: 'stockout' }], spotRefusedSince: 2 })
})

test('a launch that succeeds wholly forgets all refusals', () => {
  const refused = noteOutcome(record, intent, { kind: 'refused', ...refusal }, 1)
  expect(refused.intents[0]?.names).toEqual([])
  const { breakers, spotRefusedSince } = noteOutcome(refused, intent, { kind: 'launched', names: ['a', 'b'] }, 2)
  expect({ breakers, spotRefusedSince }).toEqual({ breakers: [], spotRefusedSince: undefined })
})
