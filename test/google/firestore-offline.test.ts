import { Firestore } from '@google-cloud/firestore'
import { FirestoreStore } from 'graupel/google'
import { expect, onTestFinished, test } from 'vitest'
import { setDocument } from '../conformance/store-fixture.ts'

/** Nothing is sent: what is tested here is refused before. */
function makeStore(): FirestoreStore {
  const firestore = new Firestore({ projectId: 'nobody', host: '127.0.0.1:9', ssl: false })
  onTestFinished(() => firestore.terminate())
  return new FirestoreStore(firestore)
}

test('a commit larger than a request is refused, with the largest document', async () => {
  const writes = [1, 12].map((size) => setDocument(`pools/${size}`, { text: '☂'.repeat(size * 2 ** 18) }, 'any'))
  await expect(makeStore().commit(writes)).rejects.toThrow(/a commit of 2 documents has .* split it .*pools\/12/)
})

test('a revision of another store is refused', async () => {
  const [write] = [setDocument('pools/a', { version: 1 }, 'any')]
  const foreign = { ...write, kind: 'set', path: 'pools/a', document: {}, expect: JSON.parse('"17"') } as const
  await expect(makeStore().commit([foreign])).rejects.toThrow("'17' is not a revision of a Firestore document")
})

test('nothing asked is nothing sent', async () => {
  const store = makeStore()
  expect(await store.read([])).toEqual([])
  expect(await store.commit([])).toEqual([])
  await store.project([])
})
