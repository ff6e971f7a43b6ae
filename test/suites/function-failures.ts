import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BatchFailedError, JobFailedError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

const path = fileURLToPath(import.meta.url)

function divide(x: number, y: number): number {
  console.log('about to divide')
  if (y === 0) throw new RangeError('division by zero\nin the second line')
  return x / y
}

export function testFunctionFailures(bench: Bench): void {
  testExits(bench)
  testUnsayable(bench)

  test('a thrown error fails the batch: its first line is the reason, its place is in the log', async () => {
    const batch = bench.newBatch()
    const bad = batch.newFunctionJob({ name: 'bad' })
    const result = bad.call(divide, 1, 0)
    batch.newFunctionJob({ name: 'next' }).call((x: number) => x, result)
    const error = await batch.run(quiet).catch((caught: unknown) => caught)
    if (!(error instanceof BatchFailedError)) throw error
    const run = error.batch
    expect(await statesOf(run)).toEqual({ bad: 'Failed', next: 'Cancelled' })
    expect(await run.job(bad).status()).toMatchObject({
      exitCode: 1,
      reason: expect.stringMatching(/RangeError: division by zero$/),
    })
    const log = await run.job(bad).log()
    expect(log).toMatch(/^about to divide\nRangeError: division by zero\nin the second line\n {4}at divide /)
    expect(log).not.toContain('runner')
    const [, line] = log.match(/function-failures\.ts:(\d+):\d+/) ?? []
    expect(readFileSync(path, 'utf8').split('\n')[Number(line) - 1]).toContain("new RangeError('division by zero")
    await expect(run.value(result)).rejects.toThrow(JobFailedError)
  })

  test('a rejected promise, and one that settles never, fail their jobs', async () => {
    const batch = bench.newBatch()
    const rejected = batch.newFunctionJob({ name: 'rejected' })
    rejected.call(async () => {
      throw new TypeError('not now')
    })
    const never = batch.newFunctionJob({ name: 'never' })
    never.call(() => new Promise(() => undefined))
    const run = await runAnyway(batch)
    expect(await run.job(rejected).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringContaining('TypeError: not now'),
    })
    expect(await run.job(never).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringContaining('never settles'),
    })
  })
}

function testExits(bench: Bench): void {
  test('process.exit ends the job with its code, and a call that comes after it is not made', async () => {
    const batch = bench.newBatch()
    const jobs = [3, 0].map((code) => {
      const job = batch.newFunctionJob()
      job.call((exitCode: number) => {
        console.log('leaving')
        process.exit(exitCode)
      }, code)
      job.call(() => console.log('not here'))
      return job
    })
    const run = await runAnyway(batch)
    const [three, zero] = await Promise.all(jobs.map((job) => run.job(job).status()))
    expect(three).toMatchObject({ state: 'Failed', exitCode: 3 })
    // Without the result of its calls the job has not done what it was asked for.
    expect(zero).toMatchObject({ state: 'Failed' })
    expect(await Promise.all(jobs.map((job) => run.job(job).log()))).toEqual([
      'leaving\n',
      expect.stringMatching(/^leaving\n/),
    ])
  })

  test('both outputs come in the order in which they were printed', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    job.call(() => {
      for (let number = 0; number < 3; number++) {
        console.log('out', number)
        console.error('err', number)
      }
    })
    const run = await batch.run(quiet)
    expect(await run.job(job).log()).toBe('out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n')
  })
}

function testUnsayable(bench: Bench): void {
  test('what JSON cannot say, and what cannot be passed on, fails the job and says where it is', async () => {
    const batch = bench.newBatch()
    const set = batch.newFunctionJob()
    const made = set.call(function makeSet() {
      return { a: [1, new Set([2])] }
    })
    batch.writeOutput(made.asJson(), bench.path('never'))
    const local = batch.newFunctionJob()
    local.call(function makeFunction() {
      return { go: () => 1 }
    })
    const run = await runAnyway(batch)
    expect(await run.job(set).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringContaining(
        "The result of 'makeSet' cannot be written as JSON: its value at .a[1] is a Set; return plain objects and arrays",
      ),
    })
    expect(await run.job(local).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringContaining(
        "The result of 'makeFunction' cannot be passed on: at .go it is a function (go).",
      ),
    })
  })
}
