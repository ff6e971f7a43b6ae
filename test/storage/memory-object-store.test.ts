import { MemoryObjectStore } from 'graupel/storage'
import { describe, expect, test } from 'vitest'
import { describeObjectStore } from '../conformance/object-store.ts'

describe('objects in memory', () => {
  const makeStore = async () => ({ store: new MemoryObjectStore(), root: 'memory://bucket' })
  describeObjectStore(makeStore, { lineBreaks: true, checksums: true })
})

test('a store in memory plays another scheme when told', async () => {
  const store = new MemoryObjectStore({ schemes: ['gs'] })
  await store.write('gs://bucket/a', 'x')
  expect(await store.stat('gs://bucket/a')).toMatchObject({ uri: 'gs://bucket/a', sizeBytes: 1 })
  await expect(store.stat('file:///a')).rejects.toThrow('file:///a is not kept here')
})
