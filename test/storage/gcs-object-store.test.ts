import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import { GcsObjectStore } from 'graupel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeObjectStore } from '../conformance/object-store.ts'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()
let server: Awaited<ReturnType<typeof startObjectServer>>
let store: GcsObjectStore
let places = 0

beforeAll(async () => {
  server = await startObjectServer({ folder: await makeFolder(), buckets: ['graupel'] })
  store = new GcsObjectStore({ apiEndpoint: server.url })
})
afterAll(() => server.close())

describe('objects in Cloud Storage', () => {
  const makeStore = async () => ({ store, root: `gs://graupel/place-${places++}` })
  describeObjectStore(makeStore, { lineBreaks: false, checksums: true })
})

test('a name that Cloud Storage refuses is refused before anything is sent', async () => {
  await expect(store.write('gs://graupel/two\nlines', 'x')).rejects.toThrow('has no line break; rename the file')
  await expect(store.write(`gs://graupel/${'é'.repeat(513)}`, 'x')).rejects.toThrow('at most 1,024 bytes')
  await expect(store.write('gs://graupel', 'x')).rejects.toThrow('is not empty')
  await expect(store.read('gs:///x')).rejects.toThrow('write gs://bucket/name')
})

test('a listing goes on after its first page', async () => {
  const uris = Array.from({ length: 1005 }, (_, index) => `gs://graupel/many/${String(index).padStart(4, '0')}`)
  for (let at = 0; at < uris.length; at += 50) {
    await Promise.all(uris.slice(at, at + 50).map((uri) => store.write(uri, '')))
  }
  const listed: string[] = []
  for await (const { uri } of store.list('gs://graupel/many/')) listed.push(uri)
  expect(listed).toEqual(uris)
})

test('a bucket that is not there makes reads fail as if the object were not', async () => {
  expect(await store.stat('gs://nowhere/a')).toBeUndefined()
  await expect(store.write('gs://nowhere/a', 'x')).rejects.toThrow('there is no object gs://nowhere/a')
})
