import { expect, test } from 'vitest'
import { useServedBuckets } from './served-bucket.ts'

const serveBucket = useServedBuckets()
const refusal = 'Bucket is a requester pays bucket but no user project provided.'

test('requests to a bucket whose requesters pay must name a project', async () => {
  const { storage, url } = await serveBucket()
  const [paid] = await storage.createBucket('paid', { requesterPays: true })
  await expect(paid.file('a').save('x')).rejects.toMatchObject({ code: 400, message: expect.stringContaining(refusal) })
  const payer = storage.bucket('paid', { userProject: 'payer' })
  await payer.file('a').save('x')
  for (const path of ['o', 'o/a', 'o/a?alt=media']) {
    const plain = await fetch(`${url}/storage/v1/b/paid/${path}`)
    expect([plain.status, await plain.text()]).toEqual([400, expect.stringContaining(refusal)])
    const billed = await fetch(`${url}/storage/v1/b/paid/${path}`, { headers: { 'x-goog-user-project': 'payer' } })
    expect(billed.status).toBe(200)
  }
  expect(String(await payer.file('a').download({ userProject: 'payer' }))).toBe('x')
})

test('who pays is part of both ends of a copy, and can be changed', async () => {
  const { storage, bucket, restart } = await serveBucket()
  await storage.createBucket('paid', { requesterPays: true })
  await bucket.file('a').save('x')
  const copy = () => bucket.file('a').copy(storage.bucket('paid').file('b'))
  await expect(copy()).rejects.toMatchObject({ code: 400 })
  const { storage: later } = await restart()
  expect((await later.bucket('paid', { userProject: 'p' }).getMetadata())[0].billing).toEqual({ requesterPays: true })
  await later.bucket('paid', { userProject: 'p' }).disableRequesterPays()
  await later.bucket('one').file('a').copy(later.bucket('paid').file('b'))
  expect(String(await later.bucket('paid').file('b').download())).toBe('x')
})
