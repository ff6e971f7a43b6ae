import { Batch, BatchFailedError, InvalidBatchError, type RunningJob } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testUpdates(bench: Bench): void {
  testRunning(bench)
  testClients(bench)
  testEmpty(bench)

  test('a second run submits only new jobs, to the same batch', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'first' }).command`true`
    const first = await batch.run(quiet)
    batch.newJob({ name: 'second' }).command`true`
    const second = await batch.run(quiet)
    expect(second.id).toBe(first.id)
    expect(await statesOf(second)).toEqual({ first: 'Success', second: 'Success' })
    expect((await second.status()).counts.success).toBe(2)
  })

  test('new jobs depend on earlier ones: on a success they run, on a failure they are cancelled', async () => {
    const batch = bench.newBatch()
    const good = batch.newJob({ name: 'good' }).command`true`
    const bad = batch.newJob({ name: 'bad' }).command`false`
    await runAnyway(batch)
    batch.newJob({ name: 'after good' }).dependsOn(good).command`true`
    batch.newJob({ name: 'after bad' }).dependsOn(bad).command`true`
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({
      good: 'Success',
      bad: 'Failed',
      'after good': 'Success',
      'after bad': 'Cancelled',
    })
  })

  test('a run throws for its own jobs only', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'bad' }).command`false`
    await expect(batch.run(quiet)).rejects.toThrow(BatchFailedError)
    batch.newJob({ name: 'good' }).command`true`
    const run = await batch.run(quiet)
    expect((await run.status()).state).toBe('failure')
  })

  test('files of an earlier run are read if that run kept them, and refused by name otherwise', async () => {
    for (const keeps of [true, false]) {
      const batch = bench.newBatch()
      const make = batch.newJob({ name: 'make', outputs: ['x'] })
      make.command`echo ${String(keeps)} > ${make.out.x}`
      batch.writeOutput(make.out.x, bench.path(`made ${keeps}`))
      await batch.run({ ...quiet, deleteScratchOnExit: !keeps })
      const use = batch.newJob({ name: 'use', outputs: ['y'] })
      use.command`cat ${make.out.x} > ${use.out.y}`
      batch.writeOutput(use.out.y, bench.path(`used ${keeps}`))
      if (keeps) {
        await batch.run(quiet)
        expect(await bench.read('used true')).toBe('true\n')
      } else {
        await expect(batch.run(quiet)).rejects.toThrow(InvalidBatchError)
      }
    }
  })
}

function testRunning(bench: Bench): void {
  test('jobs are added to a batch that runs, with parents that run', async () => {
    // Small jobs: a worker of one core must have room for two of them.
    const batch = bench.newBatch({ defaultCpu: 0.25 })
    const gate = bench.path('gate of updates')
    const parent = batch.newJob({ name: 'parent' }).command`echo started; until test -e ${gate}; do sleep 0.02; done`
    const run = await batch.run({ ...quiet, wait: false })
    await untilPrinted(run.job(parent))
    batch.newJob({ name: 'child' }).dependsOn(parent).command`test -e ${gate}`
    batch.newJob({ name: 'free' }).command`true`
    const update = await batch.run({ ...quiet, wait: false })
    await update.job(3).wait()
    expect(await statesOf(update)).toEqual({ parent: 'Running', child: 'Pending', free: 'Success' })
    await bench.write('gate of updates', '')
    await update.wait()
    expect(await statesOf(run)).toEqual({ parent: 'Success', child: 'Success', free: 'Success' })
  })

  test('a job that depends on a cancelled one is cancelled, unless it always runs', async () => {
    const batch = bench.newBatch()
    const sleeper = batch.newJob({ name: 'sleeper' }).command`sleep 600`
    const run = await batch.run({ ...quiet, wait: false })
    await run.job(sleeper).cancel()
    await run.wait({ throwOnFailure: false })
    batch.newJob({ name: 'child' }).dependsOn(sleeper).command`true`
    batch.newJob({ name: 'always', alwaysRun: true }).dependsOn(sleeper).command`true`
    const update = await runAnyway(batch)
    expect(await statesOf(update)).toEqual({ sleeper: 'Cancelled', child: 'Cancelled', always: 'Success' })
  })

  test('a batch that was cancelled takes no more jobs', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'sleeper' }).command`sleep 600`
    const run = await batch.run({ ...quiet, wait: false })
    await run.cancel()
    batch.newJob({ name: 'late' }).command`true`
    await expect(batch.run(quiet)).rejects.toThrow(/cancelled/)
    await run.wait({ throwOnFailure: false })
    expect(await statesOf(run)).toEqual({ sleeper: 'Cancelled' })
  })

  test('a batch that has ended runs again, and is complete again', async () => {
    const batch = bench.newBatch()
    const states: string[] = []
    for (const name of ['one', 'two', 'three']) {
      batch.newJob({ name }).command`true`
      const run = await batch.run({ ...quiet, wait: false })
      states.push((await run.wait()).state)
    }
    expect(states).toEqual(['success', 'success', 'success'])
    batch.newJob({ name: 'bad' }).command`false`
    expect((await (await runAnyway(batch)).status()).state).toBe('failure')
  })
}

function testClients(bench: Bench): void {
  test('another program finds the batch by its id, and adds jobs that depend on its jobs by their numbers', async () => {
    const batch = bench.newBatch({ name: 'shared' })
    batch.newJob({ name: 'good' }).command`true`
    batch.newJob({ name: 'bad' }).command`false`
    const { id } = await runAnyway(batch)
    const found = await Batch.fromBatchId(id, { backend: bench.backend() })
    found.newJob({ name: 'after good' }).dependsOn(found.job(1)).command`true`
    found.newJob({ name: 'after bad' }).dependsOn(found.job(2)).command`true`
    const own = found.newJob({ name: 'own', outputs: ['text'] })
    own.command`echo found > ${own.out.text}`
    found.writeOutput(own.out.text, bench.path('found'))
    const run = await runAnyway(found)
    expect(run.id).toBe(id)
    expect(await statesOf(run)).toMatchObject({ 'after good': 'Success', 'after bad': 'Cancelled', own: 'Success' })
    expect(await bench.read('found')).toBe('found\n')
    found.newJob({ name: 'lost' }).dependsOn(found.job(77)).command`true`
    await expect(found.run(quiet)).rejects.toThrow(
      `Job 'lost' depends on job 77, but the jobs of batch ${id} are numbered 1 to 5 so far; name one of these.`,
    )
  })

  test('two programs add to one batch at once: every job runs once, and each has a number of its own', async () => {
    const times = 20
    const batch = bench.newBatch()
    batch.newJob({ name: 'first' }).command`true`
    const { id } = await batch.run({ ...quiet, wait: false })
    const trace = bench.path('trace of two')
    const addAll = async (client: string): Promise<number[]> => {
      const found = await Batch.fromBatchId(id, { backend: bench.backend() })
      const numbers: number[] = []
      for (let index = 0; index < times; index++) {
        const job = found.newJob({ name: `${client} ${index}` }).dependsOn(found.job(1))
        job.command`echo ${client} ${index} >> ${trace}`
        numbers.push((await found.run({ ...quiet, wait: false })).job(job).id)
      }
      return numbers
    }
    const numbers = (await Promise.all([addAll('left'), addAll('right')])).flat()
    const run = await batch.run(quiet)
    await run.wait()
    expect(numbers.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 2 * times }, (_, index) => index + 2),
    )
    const expected = ['left', 'right'].flatMap((client) =>
      Array.from({ length: times }, (_, index) => `${client} ${index}`),
    )
    const ran = (await bench.read('trace of two')).trim().split('\n')
    expect(ran.sort()).toEqual(expected.sort())
    expect((await run.status()).counts).toMatchObject({ success: 2 * times + 1 })
  })
}

function testEmpty(bench: Bench): void {
  test('an update without jobs returns at once, whatever the state of the batch', async () => {
    const batch = bench.newBatch()
    const first = await batch.run(quiet)
    expect((await first.status()).state).toBe('success')
    expect((await batch.run(quiet)).id).toBe(first.id)
    batch.newJob({ name: 'sleeper' }).command`sleep 600`
    const run = await batch.run({ ...quiet, wait: false })
    expect((await batch.run(quiet)).id).toBe(run.id)
    expect((await run.status()).state).toBe('running')
    await run.cancel()
    await run.wait({ throwOnFailure: false })
  })
}

async function untilPrinted(job: RunningJob): Promise<void> {
  for await (const _ of job.log({ follow: true })) return
}
