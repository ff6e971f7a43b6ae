import { expect, it } from 'vitest'
import { TokenCache } from '../../worker-vm/src/token-cache.ts'

const hourMs = 60 * 60_000

/** A cache, and how often it was given a token that is good for so long. */
function bedOf(lifeMs: number) {
  const cache = new TokenCache()
  const made: string[] = []
  const make = async (key: string) => {
    made.push(key)
    return { token: `${key} ${made.length}`, expiresAt: new Date(Date.now() + lifeMs) }
  }
  return { made, get: async (key: string) => (await cache.get(key, () => make(key))).token }
}

it('makes a token once for all who ask at once and later', async () => {
  const { made, get } = bedOf(hourMs)
  expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['a 1', 'a 1', 'b 2'])
  expect(await get('a')).toBe('a 1')
  expect(made).toEqual(['a', 'b'])
})

it('makes it anew when it is about to expire', async () => {
  const { get } = bedOf(4 * 60_000)
  expect([await get('a'), await get('a')]).toEqual(['a 1', 'a 2'])
})

it('forgets a failure', async () => {
  const cache = new TokenCache()
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect((await cache.get('a', async () => ({ token: 'yes', expiresAt: new Date(Date.now() + hourMs) }))).token).toBe(
    'yes',
  )
})

it('holds no more than a thousand, the newest', async () => {
  const { made, get } = bedOf(hourMs)
  for (let number = 0; number <= 1000; number++) await get(String(number))
  expect(await get('1000')).toBe('1000 1001')
  expect(await get('0')).toBe('0 1002')
  expect(made).toHaveLength(1002)
})
