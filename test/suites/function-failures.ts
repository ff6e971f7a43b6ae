import { createRequire } from 'node:module'
import { BatchFailedError, CyclicDependencyError, JobFailedError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

function divide(x: number, y: number): number {
  console.log('about to divide')
  if (y === 0) throw new RangeError('division by zero\nin the second line')
  return x / y
}

export function testFunctionFailures(bench: Bench): void {
  testExits(bench)
  testUnsayable(bench)

  test('a thrown error fails the batch: its first line is the reason, its stack is in the log', async () => {
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
    await expect(run.value(result)).rejects.toThrow(JobFailedError)
  })

  test('jobs that wait for values of each other are refused before anything runs', async () => {
    const batch = bench.newBatch()
    const [left, right] = [batch.newFunctionJob({ name: 'left' }), batch.newFunctionJob({ name: 'right' })]
    const pass = (x: number): number => x
    left.call(pass, right.call(pass, left.call(pass, 1)))
    await expect(batch.run(quiet)).rejects.toThrow(CyclicDependencyError)
  })

  test('a stack names the file of the program and its lines', async () => {
    const file = await bench.write(
      'deep.mts',
      'interface Lost { key: string }\nexport const outer = (lost: Lost): never => inner(lost)\n\n' +
        'function inner({ key }: Lost): never {\n  throw new Error("lost " + key)\n}\n',
    )
    // As the program's own Node loads it: a test runner would show it another text.
    const { outer }: { outer: (lost: { key: string }) => never } = createRequire(import.meta.url)(file)
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    job.call(outer, { key: 'x' })
    const run = await runAnyway(batch)
    const log = await run.job(job).log()
    expect(log).toContain(`Error: lost x\n    at inner (${file}:5:9)\n`)
    expect(log).toContain(`(${file}:2:45)`)
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
    const [three, zero] = [3, 0].map((code) => {
      const job = batch.newFunctionJob()
      job.call(function leave() {
        console.log('leaving')
        process.exit(code)
      })
      job.call(() => console.log('not here'))
      return job
    })
    if (three === undefined || zero === undefined) throw new Error('two jobs were made')
    const run = await runAnyway(batch)
    expect(await run.job(three).status()).toMatchObject({ state: 'Failed', exitCode: 3 })
    expect(await run.job(three).log()).toBe('leaving\n')
    // It says that all went well, but the results are missing.
    expect(await run.job(zero).status()).toMatchObject({
      state: 'Error',
      reason: expect.stringContaining("without making the outputs 'result 1 of 'leave' as value'"),
    })
    expect(await run.job(zero).log()).toMatch(/^leaving\n(?!not here)/)
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
