import { makeKernelFunction } from '@graupel/functions/kernel/kernel-function'
import type { Engine } from 'graupel/engine'
import {
  batchId,
  type Delivery,
  type LaneMessage,
  poolId,
  type RenewRequest,
  type ShardEvent,
  shardId,
  workerIdOn,
} from 'graupel/model'
import { expect, test } from 'vitest'
import { makeServices, postJson, serve } from './hosted.ts'

const accounts = { worker: 'worker@p.example', pusher: 'pusher@p.example' } as const
const worker = workerIdOn('graupel-spot-1', 1_700_000_000_000)
const resources = { cpuMillis: 1000, memoryBytes: 2 ** 30, storageBytes: 2 ** 30 }

/** A kernel that looks at who calls it, and what its engine has been given. */
async function makeKernel() {
  const delivered: LaneMessage[] = []
  const services = makeServices()
  const engine: Engine = {
    lease: (request, signal) => services.engine.lease(request, signal),
    renew: (request) => services.engine.renew(request),
    awaitStops: (request, signal) => services.engine.awaitStops(request, signal),
    deliver: async (taken) => void delivered.push(taken),
    idle: async () => {},
    close: async () => {},
  }
  const kernel = makeKernelFunction({ ...services, engine, callers: accounts, topic: 'lane-0' })
  const url = await serve('kernel', kernel)
  const dead = () => services.store.query({ kind: 'collection', path: 'deadEvents', limit: 10 })
  return { url, delivered, dead }
}

/** As it reaches a function: Google has checked the signature and taken it away. */
function tokenOf(claims: object): Record<string, string> {
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return { authorization: `Bearer ${parts.join('.')}.SIGNATURE_REMOVED_BY_GOOGLE` }
}

const tokenOfMachine = (machine: string, email: string = accounts.worker) =>
  tokenOf({ email, google: { compute_engine: { instance_name: machine, project_id: 'p', zone: 'us-central1-a' } } })

const pusher = tokenOf({ email: accounts.pusher })

const renewal: RenewRequest = { worker, highest: 1, held: [], unconfirmed: [], free: resources }
const lease = {
  worker,
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

const toShard = (event: ShardEvent, token?: string): Delivery => ({
  batch: batchId('abcdefgh'),
  shard: shardId(0),
  events: [{ event, ...(token !== undefined && { token }) }],
})

const push = (delivery: Delivery) => ({
  message: { data: Buffer.from(JSON.stringify({ deliveries: [delivery] })).toString('base64'), messageId: '1' },
})

const started: ShardEvent = { type: 'attemptStarted', job: 1, attempt: 1, worker, startedAt: 1000 }
const ended: ShardEvent = { type: 'attemptEnded', job: 1, attempt: 1, worker, end: { cause: 'success', exitCode: 0 } }

test('a worker leases and renews with the token of its own machine', async () => {
  const { url } = await makeKernel()
  const headers = tokenOfMachine('graupel-spot-1')
  expect((await postJson(`${url}/lease`, lease, { headers })).status).toBe(200)
  expect((await postJson(`${url}/renew`, renewal, { headers })).status).toBe(200)
})

test.each([
  ['of another machine', tokenOfMachine('graupel-spot-2'), 'graupel-spot-2'],
  ['of the account alone, made elsewhere', tokenOf({ email: accounts.worker }), 'none'],
  ['of another account on such a machine', tokenOfMachine('graupel-spot-1', 'other@p.example'), 'other@p.example'],
  ['of the pusher', pusher, accounts.pusher],
  ['that cannot be read', { authorization: 'Bearer a.b.c' }, 'without a token'],
  ['that is not there', {}, 'without a token'],
  [
    'in the header that Google did not check',
    { ...tokenOfMachine('graupel-spot-1'), 'x-serverless-authorization': pusher.authorization ?? '' },
    accounts.pusher,
  ],
])('nobody leases or renews with a token %s', async (_, headers, says) => {
  const { url } = await makeKernel()
  for (const [path, body] of [
    ['lease', lease],
    ['renew', renewal],
    ['stops', { worker, waitMs: 0 }],
  ] as const) {
    const response = await postJson(`${url}/${path}`, body, { headers })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain(says)
  }
})

test("messages are the pusher's alone to bring", async () => {
  const { url, delivered } = await makeKernel()
  const address = `${url}/projects/p/topics/lane-0`
  const message = push(toShard({ type: 'cancelRequested' }))
  for (const headers of [{}, tokenOfMachine('graupel-spot-1')])
    expect((await postJson(address, message, { headers })).status).toBe(403)
  expect(delivered).toEqual([])
  expect((await postJson(address, message, { headers: pusher })).status).toBe(204)
  expect(delivered).toHaveLength(1)
})

test('workers tell of the start and the end of attempts', async () => {
  const { url, delivered } = await makeKernel()
  for (const event of [started, ended])
    await postJson(`${url}/projects/p/topics/lane-0-workers`, push(toShard(event, 'token')), { headers: pusher })
  expect(delivered.flatMap(({ deliveries }) => deliveries)).toEqual([
    toShard(started, 'token'),
    toShard(ended, 'token'),
  ])
})

test.each<[string, Delivery]>([
  ['cancels', toShard({ type: 'cancelRequested' })],
  ['says that another worker is lost', toShard({ type: 'workerLost', worker, cause: 'preempted' })],
  ['resolves edges', toShard({ type: 'edgesResolved', fromShard: shardId(1), succeeded: [0], failed: [] })],
  ['deletes a batch', { batch: batchId('abcdefgh'), events: [{ event: { type: 'deleteRequested' } }] }],
  ['ends an attempt without its token', toShard(ended)],
])('a message of workers that %s is recorded and goes no further', async (_, delivery) => {
  const { url, delivered, dead } = await makeKernel()
  const address = `${url}/projects/p/topics/lane-0-workers`
  expect((await postJson(address, push(delivery), { headers: pusher })).status).toBe(204)
  expect(delivered).toEqual([])
  expect(await dead()).toHaveLength(1)
})
