import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GetFilesOptions, GetFilesResponse } from '@google-cloud/storage'
import { expect, test } from 'vitest'
import { useServedBuckets } from './served-bucket.ts'

const serveBucket = useServedBuckets()

test('ranges and generations are read as asked', async () => {
  const { bucket, url } = await serveBucket()
  const file = bucket.file('a')
  await file.save('0123456789')
  const read = async (start: number, end?: number) =>
    String(await file.download(end === undefined ? { start } : { start, end }))
  expect(await Promise.all([read(2, 4), read(7), read(0, 99)])).toEqual(['234', '789', '0123456789'])
  const last = await fetch(`${url}/download/storage/v1/b/one/o/a?alt=media`, { headers: { range: 'bytes=-3' } })
  expect([last.status, last.headers.get('content-range'), await last.text()]).toEqual([206, 'bytes 7-9/10', '789'])
  await expect(read(10)).rejects.toMatchObject({ code: 416 })
  const old = bucket.file('a', { generation: Number(file.metadata.generation) })
  await file.save('newer')
  await expect(old.download()).rejects.toMatchObject({ code: 404 })
})

test('preconditions of reads, changes and deletions hold', async () => {
  const { bucket, url } = await serveBucket()
  const file = bucket.file('a')
  await file.save('x')
  const { generation } = file.metadata
  const status = async (query: string, method = 'GET') =>
    (await fetch(`${url}/storage/v1/b/one/o/a?${query}`, { method })).status
  expect(await status(`ifGenerationMatch=${generation}`)).toBe(200)
  expect(await status('ifGenerationMatch=1')).toBe(412)
  expect(await status(`ifGenerationNotMatch=${generation}`)).toBe(304)
  expect(await status(`ifGenerationNotMatch=${generation}`, 'DELETE')).toBe(412)
  expect(await status('ifMetagenerationMatch=2', 'DELETE')).toBe(412)
  await expect(file.setMetadata({ metadata: { a: 'b' } }, { ifMetagenerationMatch: 7 })).rejects.toMatchObject({
    code: 412,
  })
  await expect(file.delete({ ifGenerationMatch: 5 })).rejects.toMatchObject({ code: 412 })
  await file.delete({ ifGenerationMatch: Number(generation) })
  expect(await status('')).toBe(404)
  expect(await status('ifGenerationMatch=x')).toBe(404)
})

test('fields are changed without new bytes, and removed by null', async () => {
  const { bucket } = await serveBucket()
  const file = bucket.file('a')
  await file.save('x', { metadata: { contentType: 'text/plain', metadata: { a: '1', b: '2' } } })
  const { generation } = file.metadata
  const [changed] = await file.setMetadata({ cacheControl: 'no-store', metadata: { a: null, c: '3' } })
  expect(changed).toMatchObject({
    generation,
    metageneration: '2',
    cacheControl: 'no-store',
    contentType: 'text/plain',
  })
  expect(changed.metadata).toEqual({ b: '2', c: '3' })
  expect(String(await file.download())).toBe('x')
})

test('a listing has pages, folders and bounds', async () => {
  const { bucket } = await serveBucket()
  const names = ['a', 'b/1', 'b/2', 'b/c/1', 'd', 'e/1', 'f']
  await Promise.all(names.map((name) => bucket.file(name).save(name)))
  const namesOf = async (query: object) => (await bucket.getFiles(query))[0].map(({ name }) => name)
  expect(await namesOf({ maxResults: 2, autoPaginate: true })).toEqual(names.slice(0, 2))
  expect(await namesOf({ prefix: 'b/' })).toEqual(['b/1', 'b/2', 'b/c/1'])
  expect(await namesOf({ startOffset: 'b/2', endOffset: 'e/1' })).toEqual(['b/2', 'b/c/1', 'd'])
  const pages: unknown[] = []
  let query: GetFilesOptions | null = { delimiter: '/', maxResults: 2, autoPaginate: false }
  while (query) {
    const [files, next, response]: GetFilesResponse = await bucket.getFiles(query)
    pages.push([files.map(({ name }) => name), prefixesOf(response)])
    query = next
  }
  expect(pages).toEqual([
    [['a'], ['b/']],
    [['d'], ['e/']],
    [['f'], []],
  ])
  await expect(bucket.getFiles({ matchGlob: '*' })).rejects.toMatchObject({ code: 501 })
})

function prefixesOf(response: unknown): unknown {
  return typeof response === 'object' && response !== null && 'prefixes' in response ? response.prefixes : []
}

test('objects are composed, and of composed ones again', async () => {
  const { bucket } = await serveBucket()
  const parts = ['one ', 'two ', 'three'].map((text, index) => ({ file: bucket.file(`part-${index}`), text }))
  for (const { file, text } of parts) await file.save(text)
  const whole = bucket.file('whole')
  await bucket.combine(
    parts.map(({ file }) => file),
    whole,
  )
  await bucket.combine([whole, bucket.file('part-0')], whole)
  const [metadata] = await whole.getMetadata()
  expect(metadata).toMatchObject({ componentCount: 4, size: '17' })
  expect(metadata.md5Hash).toBeUndefined()
  expect(String(await whole.download({ validation: 'crc32c' }))).toBe('one two threeone ')
  await expect(bucket.combine([whole, bucket.file('none')], 'x')).rejects.toMatchObject({ code: 404 })
  const absent = { ifGenerationMatch: 0 }
  await expect(bucket.combine([whole, whole], whole, absent)).rejects.toMatchObject({ code: 412 })
})

test('a copy goes into another bucket, with its fields or new ones, and outlives its source', async () => {
  const { storage, bucket } = await serveBucket()
  const [other] = await storage.createBucket('other')
  await bucket.file('a/b').save('x', { metadata: { contentType: 'text/plain', metadata: { k: 'v' } } })
  await bucket.file('a/b').copy(other.file('c d'))
  await bucket.file('a/b').copy(other.file('e'), { contentType: 'text/csv' })
  await bucket.file('a/b').delete()
  expect((await other.file('c d').getMetadata())[0]).toMatchObject({ contentType: 'text/plain', metadata: { k: 'v' } })
  expect((await other.file('e').getMetadata())[0].contentType).toBe('text/csv')
  expect(String(await other.file('c d').download())).toBe('x')
})

test('buckets are made, found, listed and deleted when empty', async () => {
  const { storage } = await serveBucket()
  await storage.createBucket('two')
  expect((await storage.getBuckets())[0].map(({ name }) => name)).toEqual(['one', 'two'])
  expect(await storage.bucket('two').exists()).toEqual([true])
  expect(await storage.bucket('three').exists()).toEqual([false])
  await expect(storage.createBucket('two')).rejects.toMatchObject({ code: 409 })
  await expect(storage.createBucket('Not Valid')).rejects.toMatchObject({ code: 400 })
  await storage.bucket('two').file('a').save('x')
  await expect(storage.bucket('two').delete()).rejects.toMatchObject({ code: 409 })
  await storage.bucket('two').file('a').delete()
  await storage.bucket('two').delete()
  await expect(storage.bucket('two').file('a').save('x')).rejects.toMatchObject({ code: 404 })
})

test('names that Cloud Storage refuses are refused', async () => {
  const { bucket } = await serveBucket()
  for (const name of ['two\nlines', '..', 'x'.repeat(1025)]) {
    await expect(bucket.file(name).save('x', { resumable: false })).rejects.toMatchObject({ code: 400 })
  }
})

test('everything is there again after a restart, and nothing else', async () => {
  const first = await serveBucket()
  await first.bucket.file('a').save('kept')
  await first.bucket.file('b').save('replaced')
  await first.bucket.file('b').save('replacement')
  await first.bucket.file('c').save('deleted')
  await first.bucket.file('c').delete()
  const [before] = await first.bucket.file('b').getMetadata()
  await writeFile(join(first.folder, 'one/data/orphan'), 'of a crash')
  await appendFile(join(first.folder, 'one/objects.jsonl'), '{"put":{"name":"cut')
  const second = await first.restart()
  expect((await second.bucket.getFiles())[0].map(({ name }) => name)).toEqual(['a', 'b'])
  expect(await second.dataFiles()).toHaveLength(2)
  expect(String(await second.bucket.file('a').download())).toBe('kept')
  await second.bucket.file('b').save('third')
  const [after] = await second.bucket.file('b').getMetadata()
  expect(Number(after.generation)).toBeGreaterThan(Number(before.generation))
})

test('the paths of STORAGE_EMULATOR_HOST, which have no prefix, are served too', async () => {
  const { url, bucket } = await serveBucket()
  await bucket.file('a').save('x')
  expect(await (await fetch(`${url}/b/one/o/a?alt=media`)).text()).toBe('x')
})

test('errors have the shape of Google’s', async () => {
  const { url } = await serveBucket()
  const response = await fetch(`${url}/storage/v1/b/one/o/none`)
  expect(response.status).toBe(404)
  const message = 'No such object: one/none'
  const errors = [{ message, domain: 'global', reason: 'notFound' }]
  expect(await response.json()).toEqual({ error: { code: 404, message, errors } })
  expect((await fetch(`${url}/storage/v1/b/one/acl`)).status).toBe(501)
})
