import { BatchNotFoundError, CancelledError, InvalidBatchError, JobFailedError, TimeoutError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testControl(bench: Bench): void {
  testCancel(bench)
  testWaits(bench)

  test('watch tells of every job and ends with the batch', async () => {
    const batch = bench.newBatch()
    const first = batch.newJob({ name: 'first' }).command`true`
    batch.newJob({ name: 'second' }).dependsOn(first).command`exit 1`
    const run = await batch.run({ ...quiet, wait: false })
    const last: Record<string, string> = {}
    let state: string | undefined
    for await (const event of run.watch()) {
      if (event.type === 'job') last[event.job.name ?? ''] = event.job.state
      else state = event.batch.state
    }
    expect(last).toEqual({ first: 'Success', second: 'Failed' })
    expect(state).toBe('failure')
  })

  test('jobs are listed by id and selected by a query', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'good', attributes: { sample: 'A' } }).command`true`
    batch.newJob({ name: 'bad', attributes: { sample: 'B' } }).command`exit 4`
    const run = await runAnyway(batch)
    const names = async (query: Parameters<typeof run.jobs>[0]) =>
      (await Array.fromAsync(run.jobs(query))).map(({ name }) => name)
    expect(await names({})).toEqual(['good', 'bad'])
    expect(await names({ state: 'bad' })).toEqual(['bad'])
    expect(await names('sample = A')).toEqual(['good'])
    expect(await names('exit_code = 4')).toEqual(['bad'])
    expect(() => run.jobs('state = Nonsense')).toThrow(InvalidBatchError)
  })

  test('a status tells times, attributes and counts', async () => {
    const batch = bench.newBatch({ name: 'status', attributes: { project: 'x' } })
    const job = batch.newJob({ name: 'x', attributes: { k: 'v' } }).command`true`
    const run = await batch.run(quiet)
    const status = await run.status()
    expect(status).toMatchObject({ id: run.id, name: 'status', attributes: { project: 'x' }, counts: { success: 1 } })
    expect(status.durationMs).toBe((status.endedAt?.getTime() ?? 0) - status.createdAt.getTime())
    expect(await run.job(job).status()).toMatchObject({
      id: 1,
      attributes: { k: 'v' },
      exitCode: 0,
      startedAt: expect.any(Date),
      endedAt: expect.any(Date),
    })
  })

  test('a job or batch that is not there is refused by name', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'x' }).command`true`
    const run = await batch.run(quiet)
    await expect(run.job(7).status()).rejects.toThrow(/no job 7/)
    await run.delete()
    await expect(run.status()).rejects.toThrow(BatchNotFoundError)
  })
}

function testCancel(bench: Bench): void {
  test('cancelling a batch stops what runs, spares always-run jobs and says so', async () => {
    const batch = bench.newBatch()
    const sleeper = batch.newJob({ name: 'sleeper' }).command`sleep 60`
    batch.newJob({ name: 'child' }).dependsOn(sleeper).command`true`
    batch.newJob({ name: 'always', alwaysRun: true }).dependsOn(sleeper).command`true`
    const run = await batch.run({ ...quiet, wait: false })
    await run.cancel()
    await expect(run.wait()).rejects.toThrow(CancelledError)
    expect(await statesOf(run)).toEqual({ sleeper: 'Cancelled', child: 'Cancelled', always: 'Success' })
  })

  test('one job is cancelled, always-run or not, and the others go on', async () => {
    const batch = bench.newBatch()
    const sleeper = batch.newJob({ name: 'sleeper', alwaysRun: true }).command`sleep 60`
    batch.newJob({ name: 'other' }).command`true`
    const run = await batch.run({ ...quiet, wait: false })
    await run.job(sleeper).cancel()
    await expect(run.job(sleeper).wait()).rejects.toThrow(/'sleeper'.*cancelled/)
    await run.wait({ throwOnFailure: false })
    expect(await statesOf(run)).toEqual({ sleeper: 'Cancelled', other: 'Success' })
  })
}

function testWaits(bench: Bench): void {
  test('a wait that takes too long throws, and what it waited for goes on', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'sleeper' }).command`sleep 60`
    const run = await batch.run({ ...quiet, wait: false })
    await expect(run.wait({ timeout: '50ms' })).rejects.toThrow(TimeoutError)
    await expect(run.job(job).wait({ timeout: '50ms' })).rejects.toThrow(TimeoutError)
    await expect(run.wait({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect((await run.status()).state).toBe('running')
    await run.cancel()
    await run.wait({ throwOnFailure: false })
  })

  test('waiting for a job that fails throws with its status and log', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'bad' }).command`echo why; exit 9`
    const run = await runAnyway(batch)
    const error = await run
      .job(job)
      .wait()
      .catch((caught: unknown) => caught)
    if (!(error instanceof JobFailedError)) throw error
    expect(error.status).toMatchObject({ name: 'bad', exitCode: 9 })
    expect(error.log).toBe('why\n')
    expect((await run.job(job).wait({ throwOnFailure: false })).state).toBe('Failed')
  })
}
