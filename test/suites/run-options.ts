import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { BatchFailedError, CancelledError, InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway } from './home.ts'

export function testRunOptions(bench: Bench): void {
  testTokens(bench)

  test('a run with an aborted signal submits nothing', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'x' }).command`true`
    await expect(batch.run({ ...quiet, signal: AbortSignal.abort() })).rejects.toThrow(CancelledError)
  })

  test('aborting the signal of a run cancels the batch', async () => {
    const batch = bench.newBatch()
    const stop = new AbortController()
    const job = batch.newJob({ name: 'sleeper' }).command`sleep 60`
    const run = await batch.run({ ...quiet, wait: false, signal: stop.signal })
    await untilRunning(run, job)
    stop.abort()
    await expect(run.wait()).rejects.toThrow(CancelledError)
    expect((await run.status()).state).toBe('cancelled')
  })

  test('a run that does not wait returns when it is submitted', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'quick' }).command`echo done`
    const run = await batch.run({ ...quiet, wait: false })
    expect((await run.wait()).state).toBe('success')
    expect(await run.job(job).log()).toBe('done\n')
  })

  test('a failed run throws only if it may', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'bad' }).command`false`
    const run = await runAnyway(batch)
    expect((await run.status()).state).toBe('failure')
    await expect(run.wait()).rejects.toThrow(BatchFailedError)
    expect((await run.wait({ throwOnFailure: false })).state).toBe('failure')
  })

  test('the callback gets the batch as it ended', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const server = createServer(async (request, response) => {
      resolve(await json(request))
      response.end()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const batch = bench.newBatch({ name: 'caller' })
      batch.newJob({ name: 'x' }).command`true`
      const run = await batch.run({ ...quiet, callback: `http://127.0.0.1:${port}/done` })
      expect(await promise).toMatchObject({ id: run.id, name: 'caller', state: 'success' })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
}

function testTokens(bench: Bench): void {
  const submit = (token: string, script: string) => {
    const batch = bench.newBatch({ name: 'token' })
    batch.newJob({ name: 'x' }).command(script)
    return batch.run({ ...quiet, token })
  }

  test('the same token and jobs find the same batch, which runs once', async () => {
    const token = `once-${crypto.randomUUID()}`
    const counter = bench.path(token)
    const script = `echo x >> '${counter}'`
    const [first, second] = [await submit(token, script), await submit(token, script)]
    expect(second.id).toBe(first.id)
    expect(await bench.read(token)).toBe('x\n')
  })

  test('the same token with other jobs is refused', async () => {
    const token = `other-${crypto.randomUUID()}`
    await submit(token, 'true')
    const error = await submit(token, 'echo other').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(InvalidBatchError)
    expect(String(error)).toContain(token)
  })
}

async function untilRunning(
  run: Awaited<ReturnType<typeof runAnyway>>,
  job: Parameters<Awaited<ReturnType<typeof runAnyway>>['job']>[0],
): Promise<void> {
  for await (const event of run.watch())
    if (event.type === 'job' && event.job.id === run.job(job).id && event.job.attempt > 0) return
}
