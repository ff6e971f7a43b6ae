import { makeApi } from '@graupel/functions/api/api-function'
import { paths } from 'graupel/engine'
import { WorkerLogs } from 'graupel/execution'
import { batchId, objectPaths, shardId } from 'graupel/model'
import { expect, test } from 'vitest'
import { bash, fast, openApi } from './submit-bed.ts'

/** A batch of two jobs, of which the first has had two attempts. */
async function openBatch() {
  const api = openApi()
  const { body } = await api.send('POST', '/batches/create-fast', fast([bash(1), bash(2)]))
  const id = String(body.id)
  const record = await api.record(id)
  if (record === undefined) throw new Error('there is no batch')
  const path = paths.shard(batchId(id), shardId(0))
  const [stored] = await api.store.read([path])
  if (stored === undefined) throw new Error('there is no shard')
  await api.store.commit([{ kind: 'set', path, document: { ...stored.document, attempts: '0200' }, expect: 'any' }])
  const { root } = record
  const logs = new WorkerLogs(api)
  const end = (attempt: number, texts: Record<'main' | 'input' | 'fault' | 'usage', string>) =>
    logs.store({
      root,
      job: 1,
      attempt,
      parts: (['main', 'input', 'fault', 'usage'] as const)
        .map((part) => ({ part, bytes: Buffer.from(texts[part]) }))
        .filter(({ bytes }) => bytes.byteLength > 0),
    })
  const server = makeApi(api)
  const ask = (path: string) => server.request(`/api/v1alpha/batches/${id}/jobs/${path}`)
  return { ...api, id, root, end, ask }
}

const nothing = { main: '', input: '', fault: '', usage: '' }

test('a log is told by its steps, or one step as it is', async () => {
  const { end, ask } = await openBatch()
  await end(2, { ...nothing, main: 'said \xff', input: 'fetched' })
  expect(await (await ask('1/log')).json()).toEqual({ main: 'said \xff', input: 'fetched' })
  expect(await (await ask('1/log/input')).text()).toBe('fetched')
  expect(await (await ask('1/log/output')).text()).toBe('')
  expect(Buffer.from(await (await ask('1/log/main')).arrayBuffer())).toEqual(Buffer.from('said \xff'))
})

test('a log is of the newest attempt, or of the one that is asked for', async () => {
  const { end, ask } = await openBatch()
  await end(1, { ...nothing, main: 'first' })
  await end(2, { ...nothing, main: 'second' })
  expect(await (await ask('1/log/main')).text()).toBe('second')
  expect(await (await ask('1/log/main?attempt_id=1')).text()).toBe('first')
  const refused = await ask('1/log/main?attempt_id=3')
  expect([refused.status, await refused.json()]).toMatchObject([404, { message: expect.stringContaining('attempt 3') }])
})

test('what kept the commands from running stands where they would have printed', async () => {
  const { end, ask } = await openBatch()
  await end(2, { ...nothing, input: 'fetched\nmissing', fault: 'missing' })
  expect(await (await ask('1/log')).json()).toEqual({ main: 'missing', input: 'fetched\nmissing' })
})

test('a job that has not run yet has an empty log and no usage', async () => {
  const { ask } = await openBatch()
  expect(await (await ask('2/log')).json()).toEqual({ main: '' })
  expect(await (await ask('2/log/main')).text()).toBe('')
  expect(await (await ask('2/resource_usage')).json()).toMatchObject({ main: { time_msecs: [] } })
})

test('a step or job that is not there is refused by name', async () => {
  const { ask } = await openBatch()
  expect(await (await ask('1/log/maine')).json()).toEqual({
    message: "a job has no step 'maine': its steps are input, main, output",
  })
  expect((await ask('3/log')).status).toBe(404)
})

test('a log that is too long for JSON is refused there, and sent as it is', async () => {
  const { objects, root, ask } = await openBatch()
  const piece = Buffer.alloc(9 * 2 ** 20, 'x')
  for (const name of ['000000', '000001']) await objects.write(`${objectPaths.log(root, 1, 2)}/${name}`, piece)
  const refused = await ask('1/log')
  expect([refused.status, await refused.json()]).toMatchObject([413, { message: expect.stringContaining('/log/main') }])
  expect((await (await ask('1/log/main')).arrayBuffer()).byteLength).toBe(2 * piece.byteLength)
})

test('usage is told in the columns of a table', async () => {
  const { end, ask } = await openBatch()
  const samples = [
    { at: 1000, cpu: 0.5, memoryBytes: 10, storageBytes: 20, receivedBytes: 100, sentBytes: 0 },
    { at: 3000, cpu: 1, memoryBytes: 30, storageBytes: 40, receivedBytes: 500, sentBytes: 0 },
  ]
  await end(2, { ...nothing, usage: JSON.stringify({ samples }) })
  expect(await (await ask('1/resource_usage')).json()).toEqual({
    main: {
      time_msecs: [1000, 3000],
      cpu_usage: [0.5, 1],
      memory_in_bytes: [10, 30],
      io_storage_in_bytes: [20, 40],
      network_bandwidth_upload_in_bytes_per_second: [null, 0],
      network_bandwidth_download_in_bytes_per_second: [null, 200],
    },
  })
})
