import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { addressOf, connectGoogleApi } from '../../../client/src/cli/google/google-api.ts'
import { StateBucket } from '../../../client/src/cli/google/state-bucket.ts'
import { StandInGoogle } from './stand-in-google.ts'

let google: StandInGoogle
let url: string
beforeEach(async () => {
  google = new StandInGoogle()
  url = await google.start()
})
afterEach(() => google.stop())
const api = () => connectGoogleApi({ project: 'my-project', standInUrl: url })

test("a call goes to its service's own host", () => {
  const call = { service: 'compute', path: '/compute/v1/projects/p', query: { names: ['a b', 'c'], filter: 'x=1' } }
  expect(addressOf(call, undefined).href).toBe(
    'https://compute.googleapis.com/compute/v1/projects/p?names=a+b&names=c&filter=x%3D1',
  )
})

test("a refusal has Google's status and words, and says what was asked", async () => {
  const call = { service: 'storage', path: '/storage/v1/b/nowhere' }
  await expect(api().call(z.unknown(), call)).rejects.toMatchObject({
    code: 'E_SERVICE',
    status: 404,
    message: 'storage refused GET /storage/v1/b/nowhere (404): bucket nowhere was not found',
  })
})

test('the bucket of the state is made, remembers, and goes with all that is in it', async () => {
  const bucket = new StateBucket(api(), 'my-state')
  expect(await bucket.exists()).toBe(false)
  await bucket.create('my-project', 'us-central1')
  expect(await bucket.exists()).toBe(true)
  expect(await bucket.read('choices.json')).toBeUndefined()
  await bucket.write('choices.json', { lanes: 4 })
  expect(await bucket.read('choices.json')).toEqual({ lanes: 4 })
  await bucket.remove()
  expect(google.buckets.size).toBe(0)
})
