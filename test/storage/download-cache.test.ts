import { appendFile, chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DownloadCache, FileSharer } from 'graupel/storage'
import { describe, expect, test, vi } from 'vitest'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()
const MiB = 2 ** 20

async function makeBench(maxBytes: number, sharer?: FileSharer) {
  const folder = await makeFolder()
  const cache = new DownloadCache({ folder: join(folder, 'cache'), maxBytes, sharer })
  const fetched: string[] = []
  let places = 0
  return {
    cache,
    fetched,
    kept: () => readdir(join(folder, 'cache')).catch(() => []),
    give: async (key: string, bytes = MiB) => {
      const path = join(folder, `given-${places++}`)
      await cache.give(key, path, async (place) => {
        fetched.push(key)
        await writeFile(place, Buffer.alloc(bytes, key))
      })
      return path
    },
  }
}

const beginningOf = async (path: string) => (await readFile(path, 'utf8')).slice(0, 1)

describe.each([
  ['links', true],
  ['copies', false],
])('a cache that %s', (_, mayLink) => {
  test('fetches once what many ask for at the same time, and read-only', async () => {
    const { give, fetched } = await makeBench(10 * MiB, new FileSharer(mayLink))
    await give('warm up')
    fetched.length = 0
    const paths = await Promise.all(Array.from({ length: 20 }, () => give('a')))
    expect(fetched.length).toBeLessThanOrEqual(mayLink ? 1 : 2)
    for (const path of paths) expect(await beginningOf(path)).toBe('a')
    const last = paths.at(-1) ?? ''
    expect((await stat(last)).mode & 0o777).toBe(0o444)
  })

  test('keeps what one reader does to its file from all later ones', async () => {
    const { give } = await makeBench(10 * MiB, new FileSharer(mayLink))
    await give('a')
    const [first, second] = [await give('a'), await give('a')]
    await chmod(first, 0o644)
    await appendFile(first, 'changed')
    expect(await readFile(await give('a'), 'utf8')).not.toContain('changed')
    if (!mayLink) expect(await readFile(second, 'utf8')).not.toContain('changed')
    await rm(second)
    expect(await beginningOf(await give('a'))).toBe('a')
  })

  test('lets go of the longest unused when there is no room, and counts what it keeps', async () => {
    const { cache, give, kept, fetched } = await makeBench(3 * MiB, new FileSharer(mayLink))
    for (const key of ['a', 'a', 'b', 'b', 'c', 'c', 'a', 'd', 'd']) await rm(await give(key))
    expect(cache.keptBytes).toBe(3 * MiB)
    expect(await kept()).toHaveLength(3)
    fetched.length = 0
    for (const key of ['a', 'c', 'd']) await rm(await give(key))
    expect(fetched).toEqual([])
    await rm(await give('b'))
    expect(fetched).toEqual(['b'])
  })
})

test('what is still linked to gives no room, so what comes later is not kept', async () => {
  const { cache, give, kept } = await makeBench(2 * MiB, new FileSharer(true))
  const held = [await give('a'), await give('b')]
  expect(await beginningOf(await give('c'))).toBe('c')
  expect(cache.keptBytes).toBe(2 * MiB)
  expect(await kept()).toHaveLength(2)
  await Promise.all(held.map((path) => rm(path)))
  await give('d')
  expect(await kept()).toHaveLength(2)
})

test('a fetch that fails fails for all who wait, and is tried anew by the next', async () => {
  const folder = await makeFolder()
  const cache = new DownloadCache({ folder: join(folder, 'cache'), maxBytes: MiB, sharer: new FileSharer(true) })
  let fetches = 0
  const fetch = async (place: string) => {
    fetches++
    await writeFile(place, 'half')
    throw new Error('the wire is cut')
  }
  const both = [1, 2].map((place) => cache.give('a', join(folder, `${place}`), fetch))
  await Promise.all(both.map((give) => expect(give).rejects.toThrow('the wire is cut')))
  expect(fetches).toBe(1)
  await cache.give('a', join(folder, '3'), (place) => writeFile(place, 'whole'))
  expect(await readFile(join(folder, '3'), 'utf8')).toBe('whole')
  await vi.waitFor(async () => expect(await readdir(join(folder, 'cache'))).toHaveLength(1))
})

test('many files come and go at random, and neither bytes nor files get lost', async () => {
  const { cache, give, kept } = await makeBench(4 * MiB, new FileSharer(true))
  const rounds = Array.from({ length: 200 }, async (_, index) => {
    const key = String.fromCharCode(97 + ((index * 7) % 11))
    const path = await give(key, MiB / 2 + (index % 3))
    expect(await beginningOf(path)).toBe(key)
    await rm(path)
  })
  await Promise.all(rounds)
  expect(cache.keptBytes).toBeLessThanOrEqual(4 * MiB)
  expect(await kept()).toHaveLength(Math.floor(cache.keptBytes / (MiB / 2)))
})

test('with no room at all, everybody gets a file of their own', async () => {
  const { give, fetched, kept } = await makeBench(0)
  await Promise.all([give('a'), give('a')])
  expect(fetched).toEqual(['a', 'a'])
  expect(await kept()).toEqual([])
})
