import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, request as requestHttp } from 'node:http'
import { join } from 'node:path'
import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'
import { crc32cOf, GcsObjectStore, PreconditionFailedError } from 'graupel/storage'
import { expect, onTestFinished, test } from 'vitest'
import { useTemporaryFolders } from './temporary-folder.ts'

const makeFolder = useTemporaryFolders()

/** What happens to a request on its way; `pass` is the default. */
type Fault = 'pass' | 'unavailable' | 'answer lost' | 'answer cut' | 'answer damaged'

/** A store behind a wire that fails: `faults` are used up one per request; `seen` gets a line for each. */
async function makeStore(faults: Fault[], seen: string[] = []) {
  const server = await startObjectServer({ folder: await makeFolder(), buckets: ['graupel'] })
  onTestFinished(() => server.close())
  const wire = createServer((request, response) => {
    const fault = faults.shift() ?? 'pass'
    seen.push(`${request.method} ${request.headers.range ?? ''}`.trim())
    if (fault === 'unavailable') {
      request.resume()
      response.writeHead(503).end('{}')
      return
    }
    const { method, url, headers } = request
    const onward = requestHttp(`${server.url}${url}`, { method, headers }, (answer) => {
      if (fault === 'answer lost') {
        answer.resume().on('end', () => request.socket.destroy())
        return
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      if (fault === 'answer damaged')
        answer.on('data', (piece) => response.write(piece.fill(0))).on('end', () => response.end())
      else if (fault === 'answer cut')
        answer.once('data', (piece) => response.write(piece, () => request.socket.destroy()))
      else answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(wire, 'listening')
  onTestFinished(() => {
    wire.close()
    wire.closeAllConnections()
  })
  const address = wire.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return new GcsObjectStore({ apiEndpoint: `http://127.0.0.1:${port}` })
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

test('every kind of request is repeated while the service is unavailable', async () => {
  const faults: Fault[] = []
  const store = await makeStore(faults)
  const local = await makeFolder()
  await writeFile(join(local, 'up'), 'uploaded')
  await store.write('gs://graupel/a', 'x')
  await store.write('gs://graupel/gone', 'x')
  faults.push(...Array<Fault>(9).fill('unavailable'))
  const [text, info] = await Promise.all([
    store.read('gs://graupel/a').then(textOf),
    store.stat('gs://graupel/a'),
    store.download('gs://graupel/a', join(local, 'down')),
    store.write('gs://graupel/b', 'y', { ifGeneration: '0' }),
    store.upload(join(local, 'up'), 'gs://graupel/c', { ifGeneration: '0' }),
    store.copy('gs://graupel/a', 'gs://graupel/d'),
    store.delete('gs://graupel/gone'),
    Array.fromAsync(store.list('gs://graupel/a')),
  ])
  expect([text, info?.sizeBytes, await readFile(join(local, 'down'), 'utf8')]).toEqual(['x', 1, 'x'])
  const names = (await Array.fromAsync(store.list('gs://graupel/'))).map(({ uri }) => uri.slice(-1))
  expect(names).toEqual(['a', 'b', 'c', 'd'])
  expect(faults).toEqual([])
})

test('a download to where no file can be is an error of this machine, and no more', async () => {
  const store = await makeStore([])
  await store.write('gs://graupel/a', 'x')
  await expect(store.download('gs://graupel/a', join(await makeFolder(), 'none/a'))).rejects.toThrow('ENOENT')
})

test('a write whose answer is lost is repeated; with a precondition it finds its own object there', async () => {
  const faults: Fault[] = ['answer lost']
  const store = await makeStore(faults)
  await store.write('gs://graupel/a', 'x')
  faults.push('answer lost')
  const create = store.write('gs://graupel/b', 'mine', { ifGeneration: '0' })
  await expect(create).rejects.toThrow(PreconditionFailedError)
  expect(textOf(await store.read('gs://graupel/b'))).toBe('mine')
})

test('a read that breaks off begins anew and is never short', async () => {
  const faults: Fault[] = []
  const store = await makeStore(faults)
  const bytes = Buffer.alloc(3 << 20, 'abc')
  await store.write('gs://graupel/a', bytes)
  faults.push('answer cut')
  expect(Buffer.from(await store.read('gs://graupel/a')).equals(bytes)).toBe(true)
  faults.push('answer cut')
  expect(await store.read('gs://graupel/a', { start: 1, end: 2 << 20 })).toHaveLength((2 << 20) - 1)
})

test('a large upload goes on after its connection broke', async () => {
  const faults: Fault[] = ['pass', 'answer lost']
  const store = await makeStore(faults)
  const bytes = Buffer.alloc(9 << 20, 'abc')
  const info = await store.write('gs://graupel/a', bytes)
  expect(await store.stat('gs://graupel/a')).toEqual(info)
  expect(Buffer.from(await store.read('gs://graupel/a')).equals(bytes)).toBe(true)
})

const MiB = 2 ** 20

test('of a large download only the range that broke off is brought again', async () => {
  const faults: Fault[] = []
  const seen: string[] = []
  const store = await makeStore(faults, seen)
  const bytes = randomBytes(70 * MiB)
  const local = join(await makeFolder(), 'a')
  await writeFile(local, bytes)
  await store.upload(local, 'gs://graupel/a')
  seen.length = 0
  faults.push('pass', 'pass', 'answer cut')
  await store.download('gs://graupel/a', `${local}-again`)
  expect((await readFile(`${local}-again`)).equals(bytes)).toBe(true)
  const starts = seen.map((line) => Number(/bytes=(\d+)-/.exec(line)?.[1]) / MiB).sort((left, right) => left - right)
  expect(starts).toHaveLength(6)
  expect([...new Set(starts)]).toEqual([0, 16, 32, 48, 64])
})

test('bytes that arrive damaged are brought again, and never are a file', async () => {
  const faults: Fault[] = []
  const store = await makeStore(faults)
  await store.write('gs://graupel/a', 'precious')
  const local = join(await makeFolder(), 'a')
  faults.push('answer damaged')
  await store.download('gs://graupel/a', local)
  expect(await readFile(local, 'utf8')).toBe('precious')
  faults.push(...Array<Fault>(4).fill('answer damaged'))
  await expect(store.download('gs://graupel/a', local)).rejects.toThrow('has the checksum')
  await expect(readFile(local)).rejects.toThrow('ENOENT')
})

test('a large file goes up in parts, of which one that fails is sent again and none is left', async () => {
  const faults: Fault[] = []
  const store = await makeStore(faults)
  const bytes = randomBytes(70 * MiB)
  const local = join(await makeFolder(), 'a')
  await writeFile(local, bytes)
  faults.push('pass', 'unavailable', 'unavailable', 'answer lost')
  const info = await store.upload(local, 'gs://graupel/folder/a', { ifGeneration: '0' })
  expect(info).toMatchObject({ sizeBytes: bytes.length, crc32c: crc32cOf(bytes) })
  expect(await Array.fromAsync(store.list('gs://graupel/'))).toEqual([info])
  await expect(store.upload(local, 'gs://graupel/folder/a', { ifGeneration: '0' })).rejects.toThrow(
    PreconditionFailedError,
  )
  expect(await Array.fromAsync(store.list('gs://graupel/'))).toEqual([info])
})

test('an object that is replaced while it is read is read whole: the old or the new one', async () => {
  const store = await makeStore([])
  const folder = await makeFolder()
  const bodies = [randomBytes(40 * MiB), randomBytes(50 * MiB)] as const
  await store.write('gs://graupel/a', bodies[0])
  const read = store.download('gs://graupel/a', join(folder, 'read'))
  await Promise.all([read, store.write('gs://graupel/a', bodies[1])])
  const found = await readFile(join(folder, 'read'))
  expect(bodies.some((body) => found.equals(body))).toBe(true)
})
