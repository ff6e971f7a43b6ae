import type { Firestore } from '@google-cloud/firestore'
import type { StoredDocument } from 'graupel/engine'
import { FirestoreStore, type Unsubscribe, watchCollection, watchDocument } from 'graupel/google'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { setDocument } from '../conformance/store-fixture.ts'
import { connectFirestore, emulatorsMissing, freshProject } from './emulated-clients.ts'

const patienceMs = 20_000

describe.skipIf(emulatorsMissing)('watching documents', () => {
  const open: Firestore[] = []
  const connect = () => {
    const firestore = connectFirestore(freshProject())
    open.push(firestore)
    return { firestore, store: new FirestoreStore(firestore) }
  }
  const errors: Error[] = []
  const stops: Unsubscribe[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop()
    await Promise.all(open.splice(0).map((firestore) => firestore.terminate()))
    expect(errors.splice(0)).toEqual([])
  })

  test('a document is told of before it is there, when it comes and when it changes', async () => {
    const { firestore, store } = connect()
    const seen: unknown[] = []
    const tell = (stored: StoredDocument | undefined) => void seen.push(stored?.document.version)
    stops.push(watchDocument(firestore, 'batches/a', tell, (error) => errors.push(error)))
    await vi.waitFor(() => expect(seen).toEqual([undefined]), patienceMs)
    const revisions = await store.commit([setDocument('batches/a', { version: 1 }, 'absent')])
    await vi.waitFor(() => expect(seen).toEqual([undefined, 1]), patienceMs)
    await store.commit([setDocument('batches/a', { version: 2 }, revisions[0] ?? 'any')])
    await vi.waitFor(() => expect(seen).toEqual([undefined, 1, 2]), patienceMs)
  })

  test('a collection is told of whole first, then by what changed', async () => {
    const { firestore, store } = connect()
    const seen: string[][] = []
    await store.commit(['a', 'b'].map((name) => setDocument(`pools/${name}`, { version: 1 }, 'absent')))
    const tell = (changed: readonly StoredDocument[]) => void seen.push(changed.map(({ path }) => path))
    stops.push(watchCollection(firestore, 'pools', tell, (error) => errors.push(error)))
    await vi.waitFor(() => expect(seen).toEqual([['pools/a', 'pools/b']]), patienceMs)
    await store.commit([setDocument('pools/b', { version: 2 }, 'any')])
    await vi.waitFor(() => expect(seen).toEqual([['pools/a', 'pools/b'], ['pools/b']]), patienceMs)
  })
})
