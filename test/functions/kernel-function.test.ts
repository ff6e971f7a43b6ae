import { makeKernelFunction } from '@graupel/functions/kernel/kernel-function'
import { type Engine, paths } from 'graupel/engine'
import { batchId, type LaneMessage, type LeaseRequest, poolId, shardId, workerId } from 'graupel/model'
import { expect, test, vi } from 'vitest'
import { specOf, submitFixture } from '../engine/batch-fixtures.ts'
import { makeServices, postJson, serve } from './hosted.ts'

const message: LaneMessage = {
  deliveries: [{ batch: batchId('abcdefgh'), shard: shardId(0), events: [{ event: { type: 'batchStarted' } }] }],
}

const push = (data: string) => ({ message: { data: Buffer.from(data).toString('base64'), messageId: '1' } })

const resources = { cpuMillis: 1000, memoryBytes: 2 ** 30, storageBytes: 2 ** 30 }

const leaseRequest: LeaseRequest = {
  worker: workerId('machine.1'),
  pool: poolId('spot'),
  request: 1,
  free: resources,
  total: resources,
  maxJobs: 1,
  isEmpty: true,
  waitMs: 0,
  isLeaving: false,
  unconfirmed: [],
}

const neverAsked: Engine = {
  deliver: () => Promise.reject(new Error('not expected')),
  lease: () => Promise.reject(new Error('not expected')),
  renew: () => Promise.reject(new Error('not expected')),
  awaitStops: () => Promise.reject(new Error('not expected')),
  idle: async () => {},
  close: async () => {},
}

test('a pushed message is acknowledged when the engine has taken it', async () => {
  const delivered: LaneMessage[] = []
  const engine = { ...neverAsked, deliver: async (taken: LaneMessage) => void delivered.push(taken) }
  const url = await serve('kernel', makeKernelFunction({ ...makeServices(), engine }))
  const response = await postJson(`${url}/projects/p/topics/t`, push(JSON.stringify(message)))
  expect(response.status).toBe(204)
  expect(delivered).toEqual([message])
})

test('the last message is acknowledged when the documents for people are written', async () => {
  const services = makeServices()
  const id = await submitFixture(services, specOf([{}]), { isPoked: false })
  const poke = { deliveries: [{ batch: id, events: [{ event: { type: 'poked', resend: false } }] }] }
  const url = await serve('kernel', makeKernelFunction(services))
  expect((await postJson(`${url}/projects/p/topics/t`, push(JSON.stringify(poke)))).status).toBe(204)
  const [found] = await services.store.read([paths.job(id, 1)])
  expect(found?.document).toMatchObject({ state: 'Ready' })
})

test('a message that the engine cannot take comes again', async () => {
  const url = await serve('kernel', makeKernelFunction({ ...makeServices(), engine: neverAsked }))
  expect((await postJson(`${url}/projects/p/topics/t`, push(JSON.stringify(message)))).status).toBe(500)
})

test.each([
  ['that is not JSON', push('{')],
  ['of an unknown event', push(JSON.stringify({ deliveries: [{ batch: 'abcdefgh', events: [{ event: {} }] }] }))],
  ['without data', { message: {} }],
])('a message %s is recorded once and acknowledged', async (_, body) => {
  const services = makeServices()
  const url = await serve('kernel', makeKernelFunction({ ...services, engine: neverAsked }))
  expect((await postJson(url, body)).status).toBe(204)
  expect((await postJson(url, body)).status).toBe(204)
  const dead = await services.store.query({ kind: 'collection', path: 'deadEvents', limit: 10 })
  expect(dead.map(({ document }) => document.body)).toEqual([JSON.stringify(body)])
})

test('a worker gets the answer of the engine', async () => {
  const url = await serve('kernel', makeKernelFunction(makeServices()))
  const response = await postJson(`${url}/lease`, leaseRequest)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ request: 1, assignments: [], standing: 'active' })
  const renewal = { worker: leaseRequest.worker, highest: 1, held: [], unconfirmed: [] }
  expect(await (await postJson(`${url}/renew`, renewal)).json()).toMatchObject({ stops: [] })
  const listener = { worker: leaseRequest.worker, waitMs: 0 }
  expect(await (await postJson(`${url}/stops`, listener)).json()).toEqual({ stops: [], retryAfterMs: 0 })
})

test('a request that is not understood is refused and says why', async () => {
  const url = await serve('kernel', makeKernelFunction({ ...makeServices(), engine: neverAsked }))
  const response = await postJson(`${url}/lease`, { ...leaseRequest, request: 'first' })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('request')
})

test.each([
  ['for work', 'lease', leaseRequest],
  ['for orders', 'stops', { worker: leaseRequest.worker, waitMs: 60_000 }],
])('a worker that hangs up no longer waits %s', async (_, path, body) => {
  const signals: AbortSignal[] = []
  const wait = (_: unknown, signal?: AbortSignal) =>
    new Promise<never>((_, reject) => {
      if (signal === undefined) return
      signals.push(signal)
      signal.addEventListener('abort', () => reject(new Error('gone')))
    })
  const engine = { ...neverAsked, lease: wait, awaitStops: wait }
  const url = await serve('kernel', makeKernelFunction({ ...makeServices(), engine }))
  const hangUp = new AbortController()
  const asked = postJson(`${url}/${path}`, body, { signal: hangUp.signal })
  await vi.waitFor(() => expect(signals).toHaveLength(1))
  hangUp.abort()
  await expect(asked).rejects.toThrow()
  await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true))
})
