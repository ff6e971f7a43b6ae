import type { Query, Store } from 'graupel/engine'
import { poolId } from 'graupel/model'
import { expect, test } from 'vitest'
import { type MakeStore, setDocument } from './store-fixture.ts'

const pathsOf = async (store: Store, query: Query): Promise<string[]> =>
  (await store.query(query)).map(({ path }) => path).sort()

const spot = poolId('spot')

async function makeShards(makeStore: MakeStore): Promise<Store> {
  const store = await makeStore()
  await store.commit([
    setDocument('batches/a/shards/0', { lane: 0, readyPools: ['spot', 'standard'] }, 'absent'),
    setDocument('batches/a/shards/1', { lane: 1, readyPools: ['spot'] }, 'absent'),
    setDocument('batches/b/shards/0', { lane: 0, readyPools: ['standard'] }, 'absent'),
    setDocument('batches/b/shards/1', { lane: 0, readyPools: [] }, 'absent'),
  ])
  return store
}

export function describeQueries(makeStore: MakeStore): void {
  test('shards with ready work are found by lane and pool, across batches', async () => {
    const store = await makeShards(makeStore)
    const ready = (lane: number | 'any', pool?: string) =>
      pathsOf(store, { kind: 'readyShards', lane, pool: pool === undefined ? undefined : poolId(pool), limit: 10 })
    expect(await ready(0, 'spot')).toEqual(['batches/a/shards/0'])
    expect(await ready('any', 'spot')).toEqual(['batches/a/shards/0', 'batches/a/shards/1'])
    expect(await ready(0)).toEqual(['batches/a/shards/0', 'batches/b/shards/0'])
    expect(await ready('any')).toEqual(['batches/a/shards/0', 'batches/a/shards/1', 'batches/b/shards/0'])
    expect(await ready(2)).toEqual([])
  })

  test('a shard without ready work is found no longer, and one deleted neither', async () => {
    const store = await makeShards(makeStore)
    await store.commit([
      setDocument('batches/a/shards/0', { lane: 0, readyPools: [] }, 'any'),
      { kind: 'delete', path: 'batches/a/shards/1' },
    ])
    expect(await store.query({ kind: 'readyShards', lane: 'any', pool: spot, limit: 10 })).toEqual([])
  })

  test('no question brings more than its limit', async () => {
    const store = await makeShards(makeStore)
    expect(await store.query({ kind: 'readyShards', lane: 'any', pool: undefined, limit: 2 })).toHaveLength(2)
  })

  test('live batches are those open, running or being deleted, page by page', async () => {
    const store = await makeStore()
    const batch = (id: string, state: string, isDeleting: boolean) =>
      setDocument(`batches/${id}`, { state, isDeleting }, 'absent')
    await store.commit([
      batch('a', 'open', false),
      batch('b', 'running', false),
      batch('c', 'success', false),
      batch('d', 'cancelled', true),
      batch('e', 'running', true),
    ])
    const live = await pathsOf(store, { kind: 'liveBatches', limit: 10 })
    expect(live).toEqual(['batches/a', 'batches/b', 'batches/d', 'batches/e'])
    const page = async (after?: string) =>
      (await store.query({ kind: 'liveBatches', after, limit: 3 })).map(({ path }) => path)
    expect(await page()).toEqual(['batches/a', 'batches/b', 'batches/d'])
    expect(await page('batches/d')).toEqual(['batches/e'])
  })

  test('live workers are those that are not gone', async () => {
    const store = await makeStore()
    const states = ['active', 'leaving', 'lost', 'gone']
    await store.commit(states.map((state) => setDocument(`workers/${state}`, { state }, 'absent')))
    const live = await pathsOf(store, { kind: 'liveWorkers', limit: 10 })
    expect(live).toEqual(['workers/active', 'workers/leaving', 'workers/lost'])
  })

  test('a collection is listed page by page in the order of its paths, without what lies deeper', async () => {
    const store = await makeStore()
    const names = ['1', '10', '2', '3']
    await store.commit(names.map((name) => setDocument(`batches/a/jobs/${name}`, { name }, 'absent')))
    await store.commit([setDocument('batches/b/jobs/1', { name: 'other' }, 'absent')])
    await store.commit([setDocument('batches/a/jobs/1/more/x', { name: 'deeper' }, 'absent')])
    const page = async (after?: string) =>
      (await store.query({ kind: 'collection', path: 'batches/a/jobs', after, limit: 3 })).map(({ path }) => path)
    expect(await page()).toEqual(['batches/a/jobs/1', 'batches/a/jobs/10', 'batches/a/jobs/2'])
    expect(await page('batches/a/jobs/2')).toEqual(['batches/a/jobs/3'])
    expect(await page('batches/a/jobs/3')).toEqual([])
    expect(await page('batches/a/jobs/15')).toEqual(['batches/a/jobs/2', 'batches/a/jobs/3'])
  })

  test('the newest batches come first', async () => {
    const store = await makeStore()
    const at = (id: string, ms: number) => setDocument(`batches/${id}`, { createdAt: new Date(ms) }, 'absent')
    await store.commit([at('old', 1), at('new', 3), at('middle', 2)])
    const newest = await store.query({ kind: 'newestBatches', limit: 2 })
    expect(newest.map(({ path }) => path)).toEqual(['batches/new', 'batches/middle'])
  })
}
