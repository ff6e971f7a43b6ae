import { MemoryStore } from 'graupel/engine'
import { ClosableStore } from 'graupel/google'
import { expect, test } from 'vitest'
import { setDocument } from '../conformance/store-fixture.ts'

const makeStore = (under = new MemoryStore()) => new ClosableStore(under, () => new Error('too late'))

test('passes everything on while it is open', async () => {
  const store = makeStore()
  const [revision] = await store.commit([setDocument('pools/a', { version: 1 }, 'absent')])
  expect(await store.read(['pools/a'])).toMatchObject([{ document: { version: 1 }, revision }])
  expect(await store.query({ kind: 'collection', path: 'pools', limit: 2 })).toHaveLength(1)
  await store.close()
})

test('waits for what is under way when it is closed, also if that fails', async () => {
  class SlowStore extends MemoryStore {
    readonly gate = Promise.withResolvers<void>()
    override async read(paths: readonly string[]) {
      await this.gate.promise
      return super.read(paths)
    }
  }
  const slow = new SlowStore()
  const store = makeStore(slow)
  const events: string[] = []
  const read = store.read(['pools/a']).catch(() => events.push('failed'))
  const close = store.close().then(() => events.push('closed'))
  await expect(store.read(['pools/b'])).rejects.toThrow('too late')
  expect(events).toEqual([])
  slow.gate.reject(new Error('lost'))
  await Promise.all([read, close])
  expect(events.sort()).toEqual(['closed', 'failed'])
})

test('refuses what comes after', async () => {
  const store = makeStore()
  await store.close()
  await expect(store.commit([])).rejects.toThrow('too late')
  await expect(store.project([])).rejects.toThrow('too late')
})
