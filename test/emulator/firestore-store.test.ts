import type { Firestore } from '@google-cloud/firestore'
import { FirestoreStore } from 'graupel/google'
import { afterEach, describe, expect, test } from 'vitest'
import { describeStore } from '../conformance/store.ts'
import { setDocument } from '../conformance/store-fixture.ts'
import { connectFirestore, emulatorsMissing, freshProject } from './emulated-clients.ts'

describe.skipIf(emulatorsMissing)('the store in Firestore', () => {
  const open: Firestore[] = []
  const makeStore = async () => {
    const firestore = connectFirestore(freshProject())
    open.push(firestore)
    return new FirestoreStore(firestore)
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((firestore) => firestore.terminate()))
  })

  describeStore(makeStore)

  test('a commit that Firestore would refuse for its size is refused by name', async () => {
    const store = await makeStore()
    const plan = 'x'.repeat(1_000_000)
    const writes = Array.from({ length: 10 }, (_, shard) => setDocument(`batches/b/plan/${shard}`, { plan }, 'any'))
    await expect(store.commit(writes)).rejects.toThrow(/a commit of 10 documents has .* split it .*batches\/b\/plan\/0/)
  })
})
