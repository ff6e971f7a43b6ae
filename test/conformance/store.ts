import { ConflictError, type Document, type Revision, type Store } from 'graupel/engine'
import { describe, expect, test } from 'vitest'
import { type MakeStore, setDocument } from './store-fixture.ts'
import { describeProjection } from './store-projection.ts'
import { describeQueries } from './store-queries.ts'

/** What the engine relies on, whatever the store is. */
export function describeStore(makeStore: MakeStore): void {
  describe('reading and writing', () => describeDocuments(makeStore))
  describe('preconditions', () => describePreconditions(makeStore))
  describe('races', () => describeRaces(makeStore))
  describe('questions', () => describeQueries(makeStore))
  describe('job documents', () => describeProjection(makeStore))
}

async function create(store: Store, path: string, document: Document): Promise<Revision> {
  const [revision] = await store.commit([setDocument(path, document, 'absent')])
  if (revision === undefined) throw new Error('a commit of one document has one revision')
  return revision
}

async function readOne(store: Store, path: string) {
  const [stored] = await store.read([path])
  return stored
}

function describeDocuments(makeStore: MakeStore): void {
  test('what was written is read back, with every kind of value', async () => {
    const store = await makeStore()
    const document = {
      text: 'naïve ☂ \n',
      empty: '',
      number: 1.5,
      large: 2 ** 52,
      truth: false,
      at: new Date(1_700_000_000_123),
      list: ['a', 1, { nested: true }],
      map: { 'dotted.key': { deeper: 'x', when: new Date(5) }, 'a/b': 1 },
      none: [],
    }
    const revision = await create(store, 'pools/a', document)
    expect(await readOne(store, 'pools/a')).toEqual({ path: 'pools/a', document, revision })
  })

  test('documents come in the order asked, undefined for those that are not there', async () => {
    const store = await makeStore()
    await create(store, 'pools/a', { n: 1 })
    await create(store, 'pools/b', { n: 2 })
    const found = await store.read(['pools/b', 'pools/none', 'pools/a', 'pools/b'])
    expect(found.map((stored) => stored?.document.n)).toEqual([2, undefined, 1, 2])
    expect(await store.read([])).toEqual([])
  })

  test('what a caller does to a document afterwards changes nothing in the store', async () => {
    const store = await makeStore()
    const document = { list: [1], map: { a: 1 } }
    await create(store, 'pools/a', document)
    document.list.push(2)
    const first = await readOne(store, 'pools/a')
    Object.assign(Object(first?.document.map), { a: 2 })
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ list: [1], map: { a: 1 } })
  })

  test('a replaced document keeps no field of the old one', async () => {
    const store = await makeStore()
    const revision = await create(store, 'pools/a', { version: 1, old: 'x', map: { a: 1, b: 2 } })
    const [next] = await store.commit([setDocument('pools/a', { version: 2, map: { b: 3 } }, revision)])
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ version: 2, map: { b: 3 } })
    await store.commit([setDocument('pools/a', { version: 3 }, next ?? 'any')])
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ version: 3 })
  })

  test('a document of 450 KiB is stored whole', async () => {
    const store = await makeStore()
    const plan = 'x☂'.repeat((450 * 1024) / 4)
    await create(store, 'batches/b/plan/h-0', { plan })
    expect((await readOne(store, 'batches/b/plan/h-0'))?.document).toEqual({ plan })
  })

  test('an undefined field is refused', async () => {
    const store = await makeStore()
    await expect(store.commit([setDocument('pools/a', { gone: undefined }, 'any')])).rejects.toThrow()
    expect(await readOne(store, 'pools/a')).toBeUndefined()
  })

  test('a deletion takes the document away, and is no error where there is none', async () => {
    const store = await makeStore()
    await create(store, 'pools/a', { n: 1 })
    expect(await store.commit([{ kind: 'delete', path: 'pools/a' }])).toEqual([''])
    expect(await store.commit([{ kind: 'delete', path: 'pools/a' }])).toEqual([''])
    expect(await readOne(store, 'pools/a')).toBeUndefined()
  })
}

function describePreconditions(makeStore: MakeStore): void {
  test('the revision of a commit is the one read afterwards, and serves the next commit', async () => {
    const store = await makeStore()
    let revision = await create(store, 'pools/a', { version: 0 })
    for (let version = 1; version <= 5; version++) {
      expect((await readOne(store, 'pools/a'))?.revision).toBe(revision)
      const [next] = await store.commit([setDocument('pools/a', { version }, revision)])
      expect(next).not.toBe(revision)
      if (next !== undefined) revision = next
    }
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ version: 5 })
  })

  test('a commit that changes the version alone moves the revision', async () => {
    const store = await makeStore()
    const first = await create(store, 'pools/a', { version: 1, states: 'pp' })
    const [second] = await store.commit([setDocument('pools/a', { version: 2, states: 'pp' }, first)])
    expect(second).not.toBe(first)
  })

  test('an old revision is a conflict', async () => {
    const store = await makeStore()
    const old = await create(store, 'pools/a', { version: 1 })
    await store.commit([setDocument('pools/a', { version: 2 }, old)])
    await expect(store.commit([setDocument('pools/a', { version: 3 }, old)])).rejects.toBeInstanceOf(ConflictError)
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ version: 2 })
  })

  test('a document that is there is not absent', async () => {
    const store = await makeStore()
    await create(store, 'pools/a', { version: 1 })
    await expect(create(store, 'pools/a', { version: 2 })).rejects.toBeInstanceOf(ConflictError)
  })

  test('a deleted document has no revision, and one made anew has another', async () => {
    const store = await makeStore()
    const old = await create(store, 'pools/a', { version: 1 })
    await store.commit([{ kind: 'delete', path: 'pools/a' }])
    await expect(store.commit([setDocument('pools/a', { version: 2 }, old)])).rejects.toBeInstanceOf(ConflictError)
    expect(await create(store, 'pools/a', { version: 1 })).not.toBe(old)
    await expect(store.commit([setDocument('pools/a', { version: 2 }, old)])).rejects.toBeInstanceOf(ConflictError)
  })

  test("'any' writes whatever is there", async () => {
    const store = await makeStore()
    await store.commit([setDocument('pools/a', { version: 1, other: 1 }, 'any')])
    await store.commit([setDocument('pools/a', { version: 2 }, 'any')])
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ version: 2 })
  })

  test('one failed expectation keeps the whole commit out', async () => {
    const store = await makeStore()
    const revision = await create(store, 'pools/a', { version: 1 })
    await create(store, 'pools/b', { version: 1 })
    const commit = store.commit([
      setDocument('pools/a', { version: 2 }, revision),
      setDocument('pools/c', { version: 1 }, 'any'),
      { kind: 'delete', path: 'pools/a' },
      setDocument('pools/b', { version: 1 }, 'absent'),
    ])
    await expect(commit).rejects.toBeInstanceOf(ConflictError)
    expect(await store.read(['pools/a', 'pools/c'])).toMatchObject([{ revision }, undefined])
  })
}

function describeRaces(makeStore: MakeStore): void {
  test('of commits with one expectation exactly one wins', async () => {
    const store = await makeStore()
    const revision = await create(store, 'pools/a', { winner: 'nobody' })
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((winner) => store.commit([setDocument('pools/a', { winner }, revision)])),
    )
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index + 1] : []))
    expect(winners).toHaveLength(1)
    expect((await readOne(store, 'pools/a'))?.document).toEqual({ winner: winners[0] })
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError)
  })

  test('of two commits that cross each other, none is applied by half', async () => {
    const store = await makeStore()
    const a = await create(store, 'pools/a', { by: 0 })
    const b = await create(store, 'pools/b', { by: 0 })
    const byOne = [setDocument('pools/a', { by: 1 }, a), setDocument('pools/b', { by: 1 }, b)]
    const byTwo = [setDocument('pools/b', { by: 2 }, b), setDocument('pools/a', { by: 2 }, a)]
    await Promise.allSettled([store.commit(byOne), store.commit(byTwo)])
    const [first, second] = await store.read(['pools/a', 'pools/b'])
    expect(first?.document.by).toBe(second?.document.by)
  })
}
