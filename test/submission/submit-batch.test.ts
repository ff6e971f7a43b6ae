import {
  MemoryEventBus,
  MemoryStore,
  paths,
  type Revision,
  readBatch,
  readBatchStatus,
  systemClock,
  type Write,
} from 'graupel/engine'
import { batchId, shardId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { describe, expect, test } from 'vitest'
import type { Home } from '../../client/src/backends/home.ts'
import { ObservedStore } from '../../client/src/backends/local/observed-store.ts'
import { batchWrite } from '../../client/src/engine/records.ts'
import { packWrites } from '../../client/src/submission/pack-writes.ts'
import { submitBatch } from '../../client/src/submission/submit-batch.ts'
import type { SubmitRequest } from '../../client/src/submission/submit-request.ts'
import { bashSpec } from '../backends/bash-spec.ts'

/** A store of which commits can be made to fail, before or after they took effect. */
class FailingStore extends MemoryStore {
  failing: { readonly at: number; readonly takesEffect: boolean } | undefined
  commits = 0

  override async commit(writes: readonly Write[]): Promise<Revision[]> {
    this.commits += 1
    const fails = this.failing?.at === this.commits
    if (fails && this.failing?.takesEffect === false) throw new Error('the network is down')
    const revisions = await super.commit(writes)
    if (fails) throw new Error('the answer was lost')
    return revisions
  }
}

function makeHome() {
  const store = new FailingStore()
  const home: Home = {
    store,
    bus: new MemoryEventBus(),
    objects: new MemoryObjectStore(),
    clock: { ...systemClock, sleep: async () => undefined },
    changes: new ObservedStore(store),
    user: 'someone',
    deployedLanes: 1,
    logPollMs: 1,
    rootOf: (batch) => `memory:///${batch}`,
  }
  return { home, store }
}

const batch = batchId('abcdefgh')
const spec = bashSpec(Array.from({ length: 1100 }, (_, index) => ({ script: `echo ${index}` })))
const request: SubmitRequest = {
  batch,
  isUpdate: false,
  token: 'token',
  spec,
  callback: undefined,
  deleteScratch: true,
  holdsScratch: false,
}

describe('submitting', () => {
  test('writes the record, all shards and chunks, and opens the batch last', async () => {
    const { home, store } = makeHome()
    const compiled = await submitBatch(home, request)
    expect(compiled.chunks).toHaveLength(3)
    expect(await readBatchStatus(store, batch, Date.now())).toMatchObject({
      state: 'running',
      counts: { pending: 1100 },
    })
    const shards = await store.read([0, 1, 2].map((shard) => paths.shard(batch, shardId(shard))))
    expect(shards.map((shard) => shard?.document.isStarted)).toEqual([false, false, false])
  })

  test.each([true, false])('goes on where a program died, its last commit done: %s', async (takesEffect) => {
    for (const at of [1, 2, 3]) {
      const { home, store } = makeHome()
      store.failing = { at, takesEffect }
      const dying: Home = { ...home, store: dieAfter(store, at) }
      await submitBatch(dying, request).catch(() => undefined)
      store.failing = undefined
      // The third commit is the one that opens the batch: before it nothing is to be seen.
      const isOpen = at === 3 && takesEffect
      expect((await readBatch(store, batch))?.record.jobs ?? 0).toBe(isOpen ? 1100 : 0)
      await submitBatch(home, request)
      expect((await readBatch(store, batch))?.record).toMatchObject({ state: 'running', jobs: 1100, shards: 3 })
    }
  })

  test('is done once, however often it is asked for', async () => {
    const { home, store } = makeHome()
    let uploads = 0
    const upload = async () => {
      uploads += 1
    }
    await submitBatch(home, { ...request, upload })
    const first = await readBatch(store, batch)
    await submitBatch(home, { ...request, upload })
    expect(await readBatch(store, batch)).toEqual(first)
    expect(uploads).toBe(1)
  })

  test('refuses other jobs under the same token', async () => {
    const { home } = makeHome()
    await submitBatch(home, request)
    await expect(submitBatch(home, { ...request, spec: bashSpec([{ script: 'true' }]) })).rejects.toThrow(/'token'/)
  })

  test('gives the jobs of an update the next numbers, and ports to the shards that they depend on', async () => {
    const { home, store } = makeHome()
    await submitBatch(home, request)
    const update = {
      ...request,
      isUpdate: true,
      token: 'second',
      spec: bashSpec([{ script: 'x', earlierParents: [1] }]),
    }
    const compiled = await submitBatch(home, update)
    expect([...compiled.numbers]).toEqual([1101])
    expect((await readBatch(store, batch))?.record).toMatchObject({ jobs: 1101, shards: 4 })
    expect((await readBatch(store, batch))?.record.updates[1]?.attachesTo).toEqual([0])
  })

  test('finds an update by its token also when the record does not list it any more', async () => {
    const { home, store } = makeHome()
    await submitBatch(home, request)
    const update = { ...request, isUpdate: true, token: 'a token/of..any kind', spec: bashSpec([{ script: 'x' }]) }
    const first = await submitBatch(home, update)
    const stored = await readBatch(store, batch)
    if (stored === undefined) throw new Error('the batch is there')
    const archived = { updates: 1, jobs: [first.firstJob], shards: [3] }
    const without = { ...stored.record, updates: stored.record.updates.slice(0, 1), archived }
    await store.commit([batchWrite(without, stored.revision)])
    const again = await submitBatch(home, update)
    expect([again.firstJob, [...again.numbers]]).toEqual([first.firstJob, [...first.numbers]])
    expect((await readBatch(store, batch))?.record).toEqual(without)
    const other = { ...update, spec: bashSpec([{ script: 'other' }]) }
    await expect(submitBatch(home, other)).rejects.toThrow(/other jobs/)
  })
})

/** Everything after the `at`-th commit fails: the program is gone. */
function dieAfter(store: FailingStore, at: number): Home['store'] {
  const living = () => {
    if (store.commits >= at) throw new Error('the program has died')
  }
  return {
    read: async (wanted) => {
      living()
      return store.read(wanted)
    },
    commit: async (writes) => {
      living()
      return store.commit(writes)
    },
    query: (query) => store.query(query),
    project: (projections) => store.project(projections),
  }
}

describe('packing writes', () => {
  const write = (bytes: number, index: number): Write => ({
    kind: 'set',
    path: `c/${index}`,
    document: { text: 'x'.repeat(bytes) },
    expect: 'any',
  })

  test('cuts at 100 documents and at 3 MiB, and lets a larger one go alone', () => {
    const sizes = (writes: readonly Write[]) => [...packWrites(writes)].map((pack) => pack.length)
    expect(sizes(Array.from({ length: 250 }, (_, index) => write(10, index)))).toEqual([100, 100, 50])
    expect(sizes([2, 2, 1, 5, 1].map((mebibytes, index) => write(mebibytes * 2 ** 20, index)))).toEqual([1, 2, 1, 1])
    expect(sizes([1, 1, 0.9, 1].map((mebibytes, index) => write(mebibytes * 2 ** 20, index)))).toEqual([3, 1])
    expect(sizes([])).toEqual([])
  })
})
