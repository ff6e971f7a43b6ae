import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32cOf, ObjectNotFoundError, type ObjectStore, PreconditionFailedError } from 'graupel/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'

export interface StoreUnderTest {
  readonly store: ObjectStore
  /** An empty place for one test: a URI without a slash at its end. */
  readonly root: string
}

export interface StoreTraits {
  /** Names may hold line breaks. */
  readonly lineBreaks: boolean
  /** Every object's checksum is known. */
  readonly checksums: boolean
}

/** What everything else relies on, wherever the objects lie. */
export function describeObjectStore(makeStore: () => Promise<StoreUnderTest>, traits: StoreTraits): void {
  describeReading(makeStore, traits)
  describePreconditions(makeStore)
  describeNames(makeStore, traits)
  describeListing(makeStore)
  describeLocalFiles(makeStore)
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

async function urisOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const uris: string[] = []
  for await (const { uri } of store.list(prefix)) uris.push(uri)
  return uris
}

function describeReading(makeStore: () => Promise<StoreUnderTest>, { checksums }: StoreTraits): void {
  test('a read sees the write before it, as text or bytes', async () => {
    const { store, root } = await makeStore()
    const info = await store.write(`${root}/a`, 'grüße')
    expect(text(await store.read(`${root}/a`))).toBe('grüße')
    expect(info).toMatchObject({
      uri: `${root}/a`,
      sizeBytes: 7,
      crc32c: checksums ? crc32cOf(Buffer.from('grüße')) : '',
    })
    expect(await store.stat(`${root}/a`)).toEqual(info)
  })

  test('what is not there has no stat, and reading it is an error that says so', async () => {
    const { store, root } = await makeStore()
    expect(await store.stat(`${root}/none`)).toBeUndefined()
    await expect(store.read(`${root}/none`)).rejects.toThrow(ObjectNotFoundError)
    await expect(store.copy(`${root}/none`, `${root}/b`)).rejects.toThrow(ObjectNotFoundError)
    await expect(store.read(`${root}/none`, { start: 1, end: 2 })).rejects.toThrow(ObjectNotFoundError)
    expect(await store.stat(`${root}/b`)).toBeUndefined()
  })

  test('a range is cut where the object ends', async () => {
    const { store, root } = await makeStore()
    await store.write(`${root}/a`, '0123456789')
    const read = async (start?: number, end?: number) => text(await store.read(`${root}/a`, { start, end }))
    expect(await Promise.all([read(2, 5), read(7), read(undefined, 3), read(8, 99)])).toEqual([
      '234',
      '789',
      '012',
      '89',
    ])
    expect(await Promise.all([read(10), read(99, 120), read(4, 4), read(0, 10)])).toEqual(['', '', '', '0123456789'])
  })

  test('an empty object is an object', async () => {
    const { store, root } = await makeStore()
    expect((await store.write(`${root}/empty`, '')).sizeBytes).toBe(0)
    expect(await store.read(`${root}/empty`)).toHaveLength(0)
    expect(await store.read(`${root}/empty`, { start: 0, end: 5 })).toHaveLength(0)
    expect((await store.stat(`${root}/empty`))?.sizeBytes).toBe(0)
  })

  test('deleting is done once and harmless twice', async () => {
    const { store, root } = await makeStore()
    await store.write(`${root}/folder/a`, 'x')
    await store.delete(`${root}/folder/a`)
    await store.delete(`${root}/folder/a`)
    expect(await store.stat(`${root}/folder/a`)).toBeUndefined()
    await store.write(`${root}/folder/a`, 'again')
    expect(text(await store.read(`${root}/folder/a`))).toBe('again')
  })

  test('the caller may reuse the bytes it wrote or read', async () => {
    const { store, root } = await makeStore()
    const bytes = Buffer.from('before')
    await store.write(`${root}/a`, bytes)
    bytes.fill(0)
    ;(await store.read(`${root}/a`)).fill(0)
    expect(text(await store.read(`${root}/a`))).toBe('before')
  })
}

function describePreconditions(makeStore: () => Promise<StoreUnderTest>): void {
  test('of many that create one object only if it is absent, one wins', async () => {
    const { store, root } = await makeStore()
    const bodies = Array.from({ length: 12 }, (_, index) => `body ${index}`)
    const create = (body: string) => store.write(`${root}/deep/manifest`, body, { ifGeneration: '0' }).then(() => body)
    const results = await Promise.allSettled(bodies.map(create))
    const won = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value)
    const lost = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason)
    expect(won).toHaveLength(1)
    for (const error of lost) expect(error).toBeInstanceOf(PreconditionFailedError)
    expect(text(await store.read(`${root}/deep/manifest`))).toBe(won[0])
  })

  test('of many that replace one generation, one wins', async () => {
    const { store, root } = await makeStore()
    const { generation } = await store.write(`${root}/a`, 'first')
    const replace = (index: number) => store.write(`${root}/a`, `replacement ${index}`, { ifGeneration: generation })
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => replace(index)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(text(await store.read(`${root}/a`))).toMatch(/^replacement/)
  })

  test('a replaced object has another generation, and the old one is gone', async () => {
    const { store, root } = await makeStore()
    const first = await store.write(`${root}/a`, 'first')
    expect(text(await store.read(`${root}/a`, { generation: first.generation }))).toBe('first')
    const second = await store.write(`${root}/a`, 'other')
    expect(second.generation).not.toBe(first.generation)
    await expect(store.read(`${root}/a`, { generation: first.generation })).rejects.toThrow(ObjectNotFoundError)
    await expect(store.write(`${root}/a`, 'x', { ifGeneration: first.generation })).rejects.toThrow(
      PreconditionFailedError,
    )
    expect(text(await store.read(`${root}/a`, { generation: second.generation }))).toBe('other')
  })

  test('a generation is not expected of what is absent', async () => {
    const { store, root } = await makeStore()
    const { generation } = await store.write(`${root}/a`, 'x')
    await store.delete(`${root}/a`)
    await expect(store.write(`${root}/a`, 'y', { ifGeneration: generation })).rejects.toThrow(PreconditionFailedError)
    expect(await store.stat(`${root}/a`)).toBeUndefined()
  })

  test('a copy obeys its precondition and changes nothing when it fails', async () => {
    const { store, root } = await makeStore()
    await store.write(`${root}/source`, 'source')
    const copied = await store.copy(`${root}/source`, `${root}/target`, { ifGeneration: '0' })
    expect(copied).toEqual(await store.stat(`${root}/target`))
    const other = await store.write(`${root}/target`, 'other')
    const again = (ifGeneration: string) => store.copy(`${root}/source`, `${root}/target`, { ifGeneration })
    await expect(again('0')).rejects.toThrow(PreconditionFailedError)
    expect(text(await store.read(`${root}/target`))).toBe('other')
    await again(other.generation)
    expect(text(await store.read(`${root}/target`))).toBe('source')
    await store.copy(`${root}/source`, `${root}/target`)
    expect(await urisOf(store, root)).toEqual([`${root}/source`, `${root}/target`])
  })
}

const awkwardNames = [
  'with space',
  "it's",
  '"quoted"',
  'percent%20 %zz',
  'question?mark=1&b=2',
  'hash#tag',
  'plus+',
  '-rf',
  '--help',
  '$HOME `x`',
  'back\\slash',
  'ünïcödé-日本語-🌨',
  'trailing.',
  '..hidden',
  'semi;colon',
  'long-'.repeat(44),
]

function describeNames(makeStore: () => Promise<StoreUnderTest>, { lineBreaks }: StoreTraits): void {
  test('names are kept as they are', async () => {
    const { store, root } = await makeStore()
    const names = [...awkwardNames, ...(lineBreaks ? ['two\nlines'] : [])]
    const uris = names.map((name) => `${root}/${name}/${name}`)
    await Promise.all(uris.map((uri) => store.write(uri, uri)))
    for (const uri of uris) {
      expect(text(await store.read(uri))).toBe(uri)
      expect((await store.copy(uri, `${uri}.copy`)).uri).toBe(`${uri}.copy`)
    }
    expect((await urisOf(store, root)).toSorted()).toEqual(uris.flatMap((uri) => [uri, `${uri}.copy`]).toSorted())
    for (const uri of uris) await store.delete(uri)
    expect(await urisOf(store, root)).toHaveLength(uris.length)
  })
}

function describeListing(makeStore: () => Promise<StoreUnderTest>): void {
  test('a listing is in the order of the names, bytes compared', async () => {
    const { store, root } = await makeStore()
    const names = ['B', 'a', 'a.txt', 'a-b/x', 'a/1', 'a/10', 'a/2', 'ab', 'é', '\uff5e', '🌨'].filter(
      (name) => name !== 'a',
    )
    for (const name of names.toReversed()) await store.write(`${root}/${name}`, '')
    const expected = ['B', 'a-b/x', 'a.txt', 'a/1', 'a/10', 'a/2', 'ab', 'é', '\uff5e', '🌨']
    expect(await urisOf(store, `${root}/`)).toEqual(expected.map((name) => `${root}/${name}`))
  })

  test('a prefix is text, not a folder', async () => {
    const { store, root } = await makeStore()
    for (const name of ['log/1', 'log/2', 'logs', 'lo/x', 'z']) await store.write(`${root}/${name}`, '')
    expect(await urisOf(store, `${root}/log`)).toEqual([`${root}/log/1`, `${root}/log/2`, `${root}/logs`])
    expect(await urisOf(store, `${root}/log/`)).toEqual([`${root}/log/1`, `${root}/log/2`])
    expect(await urisOf(store, `${root}/log/2`)).toEqual([`${root}/log/2`])
    expect(await urisOf(store, `${root}/none/`)).toEqual([])
  })

  test('objects may be deleted while they are listed', async () => {
    const { store, root } = await makeStore()
    const names = Array.from({ length: 25 }, (_, index) => `${root}/folder-${index % 5}/${index}`)
    await Promise.all(names.map((uri) => store.write(uri, uri)))
    for await (const { uri } of store.list(root)) await store.delete(uri)
    expect(await urisOf(store, root)).toEqual([])
  })
}

function describeLocalFiles(makeStore: () => Promise<StoreUnderTest>): void {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graupel-conformance-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('a local file goes up and comes down, large or empty', async () => {
    const { store, root } = await makeStore()
    for (const [name, bytes] of Object.entries({ large: randomBytes(32 << 20), empty: Buffer.alloc(0) })) {
      await writeFile(join(folder, name), bytes)
      const info = await store.upload(join(folder, name), `${root}/${name}`)
      expect(info).toEqual(await store.stat(`${root}/${name}`))
      expect(info.sizeBytes).toBe(bytes.length)
      await store.download(`${root}/${name}`, join(folder, `${name}-again`), { generation: info.generation })
      expect((await readFile(join(folder, `${name}-again`))).equals(bytes)).toBe(true)
    }
    const middle = await store.read(`${root}/large`, { start: 20 << 20, end: (20 << 20) + 5 })
    expect(Buffer.from(middle)).toEqual((await readFile(join(folder, 'large'))).subarray(20 << 20, (20 << 20) + 5))
  })

  test('a large object is written from memory, and obeys a precondition', async () => {
    const { store, root } = await makeStore()
    const bytes = randomBytes(9 << 20)
    await store.write(`${root}/a`, bytes, { ifGeneration: '0' })
    await expect(store.write(`${root}/a`, bytes, { ifGeneration: '0' })).rejects.toThrow(PreconditionFailedError)
    expect(Buffer.from(await store.read(`${root}/a`)).equals(bytes)).toBe(true)
  })

  test('an upload obeys its precondition', async () => {
    const { store, root } = await makeStore()
    await writeFile(join(folder, 'small'), 'small')
    await store.upload(join(folder, 'small'), `${root}/a`, { ifGeneration: '0' })
    const again = () => store.upload(join(folder, 'small'), `${root}/a`, { ifGeneration: '0' })
    await expect(again()).rejects.toThrow(PreconditionFailedError)
    await store.upload(join(folder, 'small'), `${root}/a`)
    expect(text(await store.read(`${root}/a`))).toBe('small')
  })

  test('the right of a file to be run comes down with it, or is told with it, also of its copy', async () => {
    const { store, root } = await makeStore()
    await writeFile(join(folder, 'small'), 'small')
    const mayRun = async (path: string, mode: number) => {
      await chmod(path, mode)
      await store.upload(path, `${root}/${mode}`)
      await store.copy(`${root}/${mode}`, `${root}/${mode}-copy`)
      const found = await Promise.all(
        (await Array.fromAsync(store.list(`${root}/${mode}`))).map(async (listed) => {
          const down = join(folder, `down-${crypto.randomUUID()}`)
          await store.download(listed.uri, down)
          expect(await store.stat(listed.uri)).toEqual(listed)
          return listed.isExecutable ?? ((await stat(down)).mode & 0o100) !== 0
        }),
      )
      return found
    }
    expect(await mayRun(join(folder, 'small'), 0o700)).toEqual([true, true])
    expect(await mayRun(join(folder, 'large'), 0o700)).toEqual([true, true])
    expect(await mayRun(join(folder, 'small'), 0o600)).toEqual([false, false])
  })

  test('a download replaces what is there, or leaves no file when it fails', async () => {
    const { store, root } = await makeStore()
    const first = await store.write(`${root}/a`, 'old')
    await store.write(`${root}/a`, 'newer')
    const path = join(folder, 'down')
    await writeFile(path, 'in the way')
    await store.download(`${root}/a`, path)
    expect(await readFile(path, 'utf8')).toBe('newer')
    const stale = join(folder, 'stale')
    await expect(store.download(`${root}/a`, stale, { generation: first.generation })).rejects.toThrow(
      ObjectNotFoundError,
    )
    await expect(store.download(`${root}/none`, stale)).rejects.toThrow(ObjectNotFoundError)
    await expect(readFile(stale)).rejects.toThrow('ENOENT')
  })
}
