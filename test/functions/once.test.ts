import { once } from '@graupel/functions/once'
import { expect, test } from 'vitest'

test('it is made at the first call, and once however many ask', async () => {
  let made = 0
  const get = once(async () => ++made)
  expect(made).toBe(0)
  expect(await Promise.all([get(), get()])).toEqual([1, 1])
  expect(await get()).toBe(1)
})

test('what could not be made is tried again at the next call', async () => {
  const failures = [new Error('not reachable'), new Error('still not reachable')]
  const get = once(async () => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    return 'connected'
  })
  const both = [get(), get()]
  for (const one of both) await expect(one).rejects.toThrow('not reachable')
  await expect(get()).rejects.toThrow('still not reachable')
  expect(await get()).toBe('connected')
  expect(await get()).toBe('connected')
})

test('what throws is tried again as well', () => {
  const values = [undefined, 'read']
  const get = once(() => {
    const value = values.shift()
    if (value === undefined) throw new Error('not complete')
    return value
  })
  expect(get).toThrow('not complete')
  expect(get()).toBe('read')
})
