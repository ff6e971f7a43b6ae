import { systemClock } from 'graupel/engine'
import { expect, test } from 'vitest'

test('a sleep ends when its signal is aborted, and leaves no timer', async () => {
  const stop = new AbortController()
  const asleep = systemClock.sleep(2 ** 40, stop.signal)
  stop.abort()
  await expect(asleep).resolves.toBeUndefined()
})

test('a sleep with an aborted signal does not begin', async () => {
  await systemClock.sleep(2 ** 40, AbortSignal.abort())
})

test('a sleep lasts as long as it was asked to', async () => {
  const before = systemClock.now()
  await systemClock.sleep(20)
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(19)
})
