import { python, pythonFunction } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testPythonFailures(bench: Bench): void {
  testExits(bench)
  testUnsayable(bench)

  test('an exception fails the job: its first line is the reason, its traceback is in the log', async () => {
    const batch = bench.newBatch()
    const bad = batch.newPythonJob({ name: 'bad' })
    bad.call(
      python`

      def divide(x, y):
          print('about to divide')
          return x / y
    `,
      1,
      0,
    )
    const next = batch.newPythonJob({ name: 'next' }).dependsOn(bad)
    next.call(python`def never(): pass`)
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({ bad: 'Failed', next: 'Cancelled' })
    expect(await run.job(bad).status()).toMatchObject({
      exitCode: 1,
      reason: expect.stringContaining('ZeroDivisionError: division by zero'),
    })
    const log = await run.job(bad).log()
    expect(log).toMatch(
      /^about to divide\nTraceback \(most recent call last\):\n {2}File "<python divide>", line 5, in divide\n {4}return x \/ y\n/,
    )
    expect(log).toMatch(/\nZeroDivisionError: division by zero\n$/)
    expect(log).not.toContain('runner')
  })

  test('a traceback names the file of the function and its lines', async () => {
    const file = await bench.write(
      'deep.py',
      'def outer(x):\n    return inner(x)\n\n\ndef inner(x):\n    raise KeyError(x)\n',
    )
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    job.call(pythonFunction(file, 'outer'), 'lost')
    const run = await runAnyway(batch)
    const log = await run.job(job).log()
    expect(log).toContain(`File "${file}", line 2, in outer\n    return inner(x)\n`)
    expect(log).toContain(`File "${file}", line 6, in inner\n    raise KeyError(x)\n`)
  })
}

function testExits(bench: Bench): void {
  test('sys.exit ends the job with its code, and a call that comes after it is not made', async () => {
    const batch = bench.newBatch()
    const jobs = [
      python`
      import sys
      def leave():
          sys.exit(7)
    `,
      python`
      import sys
      def leave():
          sys.exit('no more')
    `,
    ].map((leave) => {
      const job = batch.newPythonJob()
      job.call(leave)
      job.call(python`def never(): print('not here')`)
      return job
    })
    const run = await runAnyway(batch)
    const statuses = await Promise.all(jobs.map((job) => run.job(job).status()))
    expect(statuses).toMatchObject([
      { state: 'Failed', exitCode: 7 },
      { state: 'Failed', exitCode: 1, reason: expect.stringContaining('no more') },
    ])
    expect(await Promise.all(jobs.map((job) => run.job(job).log()))).toEqual(['', 'no more\n'])
  })

  test('both outputs come in the order in which they were printed, unbuffered', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    job.call(python`
      import os, sys
      def talk():
          for number in range(3):
              print('out', number)
              print('err', number, file=sys.stderr)
          os._exit(3)
    `)
    const run = await runAnyway(batch)
    expect(await run.job(job).log()).toBe('out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n')
    expect((await run.job(job).status()).exitCode).toBe(3)
  })
}

function testUnsayable(bench: Bench): void {
  test('what JSON cannot say, and what cannot be passed on, fails the job and says where it is', async () => {
    const batch = bench.newBatch()
    const set = batch.newPythonJob()
    batch.writeOutput(set.call(python`def make(): return {'a': [1, {2}]}`).asJson(), bench.path('never'))
    const local = batch.newPythonJob()
    const made = local.call(python`def make(): return lambda: 1`)
    batch.newPythonJob().call(python`def use(value): return value()`, made)
    const run = await runAnyway(batch)
    expect(await run.job(set).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringContaining(
        "The result of 'make': JSON cannot say the result['a'][1] (of type set); return numbers, texts, lists and dicts",
      ),
    })
    expect(await run.job(local).status()).toMatchObject({
      state: 'Failed',
      reason: expect.stringMatching(
        /The result of 'make': the result cannot be passed on to another call \(.+\); return/,
      ),
    })
  })

  test('a job that passes on nothing else succeeds', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    batch.writeOutput(job.call(python`def make(): return {1, 2}`).asRepr(), bench.path('set'))
    await batch.run(quiet)
    expect(await bench.read('set')).toBe('{1, 2}\n')
  })
}
