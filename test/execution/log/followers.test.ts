import { MemoryObjectStore } from 'graupel/storage'
import { expect, test } from 'vitest'
import { Followers } from '../../../client/src/execution/log/followers.ts'
import { VirtualClock } from '../worker/virtual-clock.ts'

const uri = 'memory:///followed/1/1'

test('somebody follows while the mark is written anew, whatever time its writer thinks it is', async () => {
  const objects = new MemoryObjectStore()
  const clock = new VirtualClock()
  const followers = new Followers(() => objects.stat(uri), clock)
  expect(await followers.areThere()).toBe(false)
  for (let round = 0; round < 3; round++) {
    await objects.write(uri, '')
    expect(await followers.areThere()).toBe(true)
    await clock.pass(59_000)
    expect(await followers.areThere()).toBe(true)
  }
  await clock.pass(1000)
  expect(await followers.areThere()).toBe(false)
})

test('a mark that cannot be looked at is none', async () => {
  const followers = new Followers(() => Promise.reject(new Error('no')), new VirtualClock())
  expect(await followers.areThere()).toBe(false)
})
