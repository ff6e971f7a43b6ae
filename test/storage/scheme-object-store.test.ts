import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import {
  FileObjectStore,
  GcsObjectStore,
  MemoryObjectStore,
  ObjectNotFoundError,
  PreconditionFailedError,
  routeByScheme,
} from 'graupel/storage'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeObjectStore } from '../conformance/object-store.ts'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()
let server: Awaited<ReturnType<typeof startObjectServer>>
let folder = ''

beforeAll(async () => {
  folder = await makeFolder()
  server = await startObjectServer({ folder: await makeFolder(), buckets: ['graupel'] })
})
afterAll(() => server.close())
afterEach(() => vi.unstubAllEnvs())

function makeStore() {
  const gs = new GcsObjectStore({ apiEndpoint: server.url })
  return routeByScheme({ gs, file: new FileObjectStore(), memory: new MemoryObjectStore() })
}

describe('objects routed by their scheme', () => {
  const make = async () => ({ store: makeStore(), root: `file://${await makeFolder()}` })
  describeObjectStore(make, { lineBreaks: true, checksums: false })
})

const kinds = ['gs', 'file', 'memory'] as const
const places = { gs: () => 'gs://graupel/copies', file: () => `file://${folder}`, memory: () => 'memory://copies' }

describe.each(kinds)('a copy from %s', (from) => {
  test.each(kinds)('goes to %s, with its precondition', async (to) => {
    const store = makeStore()
    const source = `${places[from]()}/source from ${from}`
    const target = `${places[to]()}/from ${from}/target`
    await store.write(source, 'content')
    const info = await store.copy(source, target, { ifGeneration: '0' })
    expect(info).toEqual(await store.stat(target))
    expect(Buffer.from(await store.read(target)).toString()).toBe('content')
    await expect(store.copy(source, target, { ifGeneration: '0' })).rejects.toThrow(PreconditionFailedError)
    await store.copy(source, target, { ifGeneration: info.generation })
    const absent = `${places[from]()}/absent`
    await expect(store.copy(absent, `${target}-2`)).rejects.toThrow(ObjectNotFoundError)
    expect(await store.stat(`${target}-2`)).toBeUndefined()
  })
})

test('a copy to a file leaves no part behind, and the file is its owner’s', async () => {
  const own = await makeFolder()
  const store = makeStore()
  await store.write('gs://graupel/a', 'x')
  await store.copy('gs://graupel/a', `file://${own}/a`)
  await expect(store.copy('gs://graupel/none', `file://${own}/b`)).rejects.toThrow(ObjectNotFoundError)
  expect(await readdir(own)).toEqual(['a'])
  expect((await stat(join(own, 'a'))).mode & 0o200).toBe(0o200)
  await writeFile(join(own, 'a'), 'y')
  expect(await readFile(join(own, 'a'), 'utf8')).toBe('y')
})

test('a scheme without a store is refused by name', async () => {
  const store = routeByScheme({ memory: new MemoryObjectStore() })
  await expect(store.stat('gs://bucket/a')).rejects.toThrow('gs://bucket/a cannot be reached: no store for gs://')
})

test('the server of STORAGE_EMULATOR_HOST is used when it is set', async () => {
  vi.stubEnv('STORAGE_EMULATOR_HOST', server.url)
  const store = new GcsObjectStore()
  const small = await store.write('gs://graupel/of environment', 'x')
  expect(await store.stat('gs://graupel/of environment')).toEqual(small)
  const large = await store.write('gs://graupel/large of environment', Buffer.alloc(9 << 20))
  expect((await store.copy(large.uri, 'gs://graupel/copy of environment')).sizeBytes).toBe(9 << 20)
  await store.delete(small.uri)
  expect(await store.stat(small.uri)).toBeUndefined()
})
