/**
 * Against the server of this repository. The conformance suite runs against the real service, too, if
 * `GRAUPEL_TEST_BUCKET` names a place there that may be written to, `gs://bucket/folder`: what it leaves there is deleted.
 * `GRAUPEL_TEST_PAYER` is the project that pays, if the bucket's requesters do.
 */
import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import { GcsObjectStore } from 'graupel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeObjectStore } from '../conformance/object-store.ts'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()
const traits = { lineBreaks: false, checksums: true }
let server: Awaited<ReturnType<typeof startObjectServer>>
let store: GcsObjectStore
let payingStore: GcsObjectStore
let places = 0

beforeAll(async () => {
  server = await startObjectServer({ folder: await makeFolder(), buckets: ['graupel'] })
  store = new GcsObjectStore({ apiEndpoint: server.url })
  payingStore = new GcsObjectStore({ apiEndpoint: server.url, userProjectOf: () => 'payer' })
  const body = JSON.stringify({ name: 'paid', billing: { requesterPays: true } })
  await fetch(`${server.url}/storage/v1/b`, { method: 'POST', body })
})
afterAll(() => server.close())

describe('objects in Cloud Storage', () => {
  describeObjectStore(async () => ({ store, root: `gs://graupel/place-${places++}` }), traits)
})

describe('objects in a bucket whose requesters pay', () => {
  describeObjectStore(async () => ({ store: payingStore, root: `gs://paid/place-${places++}` }), traits)

  test('are not to be had by who does not pay', async () => {
    await expect(store.stat('gs://paid/a')).rejects.toThrow('requester pays bucket but no user project provided')
  })

  test('are copied to others and back', async () => {
    await payingStore.write('gs://paid/there', 'x')
    await payingStore.copy('gs://paid/there', 'gs://graupel/here')
    await payingStore.copy('gs://graupel/here', 'gs://paid/back')
    expect(String(Buffer.from(await payingStore.read('gs://paid/back')))).toBe('x')
  })
})

const { GRAUPEL_TEST_BUCKET: realPlace, GRAUPEL_TEST_PAYER: realPayer } = process.env

if (realPlace !== undefined)
  describe('objects in the real Cloud Storage', () => {
    const real = new GcsObjectStore({
      apiEndpoint: 'https://storage.googleapis.com',
      userProjectOf: () => realPayer,
    })
    const root = `${realPlace.replace(/\/+$/, '')}/conformance-${crypto.randomUUID()}`
    afterAll(async () => {
      for await (const { uri } of real.list(`${root}/`)) await real.delete(uri)
    })
    describeObjectStore(async () => ({ store: real, root: `${root}/place-${places++}` }), traits)
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
