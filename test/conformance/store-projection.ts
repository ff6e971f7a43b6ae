import type { Projection, Store } from 'graupel/engine'
import { isTerminal, type JobDocument } from 'graupel/model'
import { expect, test } from 'vitest'
import type { MakeStore } from './store-fixture.ts'

const path = 'batches/a/jobs/1'

function tell(version: number, fields: Partial<JobDocument>, at = path): Projection {
  return { path: at, version, isFinal: fields.state !== undefined && isTerminal(fields.state), fields }
}

async function documentOf(store: Store, at = path) {
  const [stored] = await store.read([at])
  return stored?.document
}

export function describeProjection(makeStore: MakeStore): void {
  test('fields are merged into what is there, times as dates', async () => {
    const store = await makeStore()
    await store.project([tell(1, { job: 1, name: 'sort', state: 'Ready', readyAt: 1000, attempts: {} })])
    await store.project([tell(2, { state: 'Running', startedAt: 2000, exitCode: undefined })])
    expect(await documentOf(store)).toEqual({
      version: 2,
      job: 1,
      name: 'sort',
      state: 'Running',
      readyAt: new Date(1000),
      startedAt: new Date(2000),
    })
  })

  test('attempts gather, and one that is told of again is completed', async () => {
    const store = await makeStore()
    await store.project([tell(1, { attempts: { 1: { attempt: 1, worker: 'w', startedAt: 5 } } })])
    await store.project([tell(2, { attempts: { 1: { attempt: 1, worker: 'w', cause: 'preempted' } } })])
    await store.project([tell(3, { state: 'Success', attempts: { 2: { attempt: 2, worker: 'v' } } })])
    await store.project([tell(3, { state: 'Success', attempts: {} })])
    expect((await documentOf(store))?.attempts).toEqual({
      1: { attempt: 1, worker: 'w', startedAt: new Date(5), cause: 'preempted' },
      2: { attempt: 2, worker: 'v' },
    })
  })

  test('an older state does not overwrite a newer one', async () => {
    const store = await makeStore()
    await store.project([tell(5, { state: 'Running' })])
    await store.project([tell(4, { state: 'Creating' })])
    await store.project([tell(5, { state: 'Creating' })])
    expect(await documentOf(store)).toMatchObject({ version: 5, state: 'Running' })
  })

  test('a final state stays, in whatever order the news come', async () => {
    const store = await makeStore()
    await store.project([tell(7, { state: 'Success', exitCode: 0 })])
    await store.project([tell(6, { state: 'Running' }), tell(3, { state: 'Ready' })])
    expect(await documentOf(store)).toMatchObject({ state: 'Success', exitCode: 0 })
  })

  test('several news of one job in one call count as if told one after the other', async () => {
    const store = await makeStore()
    await store.project([
      tell(2, { state: 'Creating', worker: 'w' }),
      tell(1, { state: 'Ready' }),
      tell(3, { state: 'Running' }),
      tell(4, { state: 'Failed', exitCode: 1 }),
    ])
    expect(await documentOf(store)).toEqual({ version: 4, state: 'Failed', worker: 'w', exitCode: 1 })
  })

  test('more jobs than fit one request are all written', async () => {
    const store = await makeStore()
    const jobs = Array.from({ length: 700 }, (_, index) => tell(1, { job: index }, `batches/a/jobs/${index}`))
    await store.project(jobs)
    expect(await documentOf(store, 'batches/a/jobs/699')).toEqual({ version: 1, job: 699 })
    expect(await documentOf(store, 'batches/a/jobs/0')).toEqual({ version: 1, job: 0 })
  })

  test('writers of the same jobs at once do not lose the final state', async () => {
    const store = await makeStore()
    const states = ['Ready', 'Creating', 'Running', 'Success'] as const
    const jobs = Array.from({ length: 20 }, (_, index) => `batches/a/jobs/${index}`)
    const news = states.map((state, index) => jobs.map((at) => tell(index + 1, { state }, at)))
    await Promise.all(news.map((projections) => store.project(projections)))
    const stored = await store.read(jobs)
    expect(new Set(stored.map((job) => job?.document.state))).toEqual(new Set(['Success']))
  })
}
