import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { expect, test, vi } from 'vitest'
import { useServedBuckets } from './served-bucket.ts'

const serveBucket = useServedBuckets()
const KiB = 1024

test('a simple upload is checked by its checksums and described in full', async () => {
  const { bucket } = await serveBucket()
  const file = bucket.file('folder/ü name.json')
  await file.save('{"a":1}', { resumable: false, validation: 'md5', metadata: { metadata: { colour: 'red' } } })
  const [metadata] = await file.getMetadata()
  expect(metadata).toMatchObject({
    kind: 'storage#object',
    name: 'folder/ü name.json',
    bucket: 'one',
    size: '7',
    contentType: 'application/json',
    metageneration: '1',
    metadata: { colour: 'red' },
  })
  const [contents] = await file.download({ validation: 'md5' })
  expect(contents.toString()).toBe('{"a":1}')
})

test('an upload in chunks of any size arrives whole', async () => {
  const { bucket, dataFiles } = await serveBucket()
  for (const size of [0, 1, 256 * KiB - 1, 256 * KiB, 512 * KiB, 1100 * KiB]) {
    const bytes = randomBytes(size)
    const file = bucket.file(`chunked-${size}`)
    await file.save(bytes, { resumable: true, chunkSize: 256 * KiB, validation: 'crc32c' })
    const [contents] = await file.download({ validation: 'crc32c' })
    expect(contents.equals(bytes)).toBe(true)
  }
  expect(await dataFiles()).toHaveLength(6)
})

test('an upload of unknown size in one go arrives whole', async () => {
  const { bucket } = await serveBucket()
  const bytes = randomBytes(3000 * KiB)
  await bucket.file('streamed').save(bytes, { resumable: true })
  const [contents] = await bucket.file('streamed').download()
  expect(contents.equals(bytes)).toBe(true)
})

test('gzipped content is kept gzipped, and unpacked for who cannot', async () => {
  const { bucket, url } = await serveBucket()
  await bucket.file('a.txt').save('hello '.repeat(1000), { gzip: true, resumable: false })
  const [contents] = await bucket.file('a.txt').download()
  expect(contents.toString()).toBe('hello '.repeat(1000))
  const plain = await fetch(`${url}/storage/v1/b/one/o/a.txt?alt=media`, { headers: { 'accept-encoding': 'identity' } })
  expect(await plain.text()).toBe('hello '.repeat(1000))
})

async function startSession(url: string, query = ''): Promise<string> {
  const response = await fetch(`${url}/upload/storage/v1/b/one/o?uploadType=resumable&name=a${query}`, {
    method: 'POST',
  })
  return response.headers.get('location') ?? ''
}

function put(session: string, range: string, body = ''): Promise<Response> {
  return fetch(session, { method: 'PUT', headers: { 'content-range': range }, body })
}

test('a client learns how far an upload went and goes on from there', async () => {
  const { url } = await serveBucket()
  const session = await startSession(url)
  const none = await put(session, 'bytes */*')
  expect([none.status, none.headers.get('range')]).toEqual([308, null])
  const some = await put(session, 'bytes 0-3/*', '0123')
  expect([some.status, some.headers.get('range')]).toEqual([308, 'bytes=0-3'])
  const afterGap = await put(session, 'bytes 8-9/10', '89')
  expect([afterGap.status, afterGap.headers.get('range')]).toEqual([308, 'bytes=0-3'])
  const done = await put(session, 'bytes 2-9/10', '23456789')
  expect(done.status).toBe(200)
  const again = await put(session, 'bytes */10')
  expect(await again.json()).toEqual(await done.json())
  expect(await (await fetch(`${url}/storage/v1/b/one/o/a?alt=media`)).text()).toBe('0123456789')
})

test('an upload whose precondition fails at its end changes nothing and leaves nothing', async () => {
  const { url, bucket, dataFiles } = await serveBucket()
  const session = await startSession(url, '&ifGenerationMatch=0')
  await bucket.file('a').save('first')
  expect((await put(session, 'bytes 0-3/4', 'late')).status).toBe(412)
  expect((await put(session, 'bytes */4')).status).toBe(404)
  const [contents] = await bucket.file('a').download()
  expect(contents.toString()).toBe('first')
  expect(await dataFiles()).toHaveLength(1)
  const refused = await fetch(`${url}/upload/storage/v1/b/one/o?uploadType=resumable&name=a&ifGenerationMatch=0`, {
    method: 'POST',
  })
  expect(refused.status).toBe(412)
})

test('a cancelled upload is gone', async () => {
  const { url, dataFiles } = await serveBucket()
  const session = await startSession(url)
  await put(session, 'bytes 0-3/*', '0123')
  expect((await fetch(session, { method: 'DELETE' })).status).toBe(499)
  expect((await put(session, 'bytes */*')).status).toBe(404)
  expect(await dataFiles()).toEqual([])
})

test('bytes that do not match their checksum never become an object', async () => {
  const { url, bucket, dataFiles } = await serveBucket()
  const wrong = bucket.file('a').save('data', { resumable: false, metadata: { crc32c: 'AAAAAA==' } })
  await expect(wrong).rejects.toMatchObject({ code: 400 })
  const path = `${url}/upload/storage/v1/b/one/o?uploadType=media&name=a`
  const post = (hash: string) => fetch(path, { method: 'POST', body: 'data', headers: { 'x-goog-hash': hash } })
  expect((await post('crc32c=AAAAAA==')).status).toBe(400)
  expect(await dataFiles()).toEqual([])
  expect((await post('crc32c=rth90Q==,md5=jXd/OF09/siBXSD3SWAm3A==')).status).toBe(200)
})

test('an upload that breaks off leaves neither an object nor bytes', async () => {
  const { url, bucket, dataFiles } = await serveBucket()
  const upload = request(`${url}/upload/storage/v1/b/one/o?uploadType=media&name=a`, {
    method: 'POST',
    headers: { 'content-length': 4_000_000 },
  })
  upload.on('error', () => {})
  upload.write(randomBytes(2_000_000))
  await vi.waitFor(async () => expect(await dataFiles()).toHaveLength(1))
  upload.destroy()
  await vi.waitFor(async () => expect(await dataFiles()).toEqual([]))
  expect(await bucket.file('a').exists()).toEqual([false])
})

test('of many uploads that must create the object, one wins', async () => {
  const { bucket, dataFiles } = await serveBucket()
  const create = (index: number) =>
    bucket.file('a').save(`${index}`, { resumable: index % 2 === 0, preconditionOpts: { ifGenerationMatch: 0 } })
  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => create(index)))
  const lost = results.filter((result) => result.status === 'rejected')
  expect(lost.map(({ reason }) => reason.code)).toEqual(Array(9).fill(412))
  expect(await dataFiles()).toHaveLength(1)
})
