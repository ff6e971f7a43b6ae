import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, type RunningJob } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

const stay = async (): Promise<void> => {
  console.log('staying')
  await sleep(600_000)
}

export function testFunctionLimits(bench: Bench): void {
  testCancel(bench)

  test('a function that fails is called again as often as its job asks', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ name: 'third time', retry: 2 })
    const tries = job.call((counter: string) => {
      const attempt = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) + 1 : 1
      writeFileSync(counter, String(attempt))
      console.log(`attempt ${attempt}`)
      if (attempt < 3) throw new Error(`not in attempt ${attempt}`)
      return attempt
    }, bench.path('function tries'))
    const run = await batch.run(quiet)
    expect(await run.value(tries)).toBe(3)
    const handle = run.job(job)
    expect(await handle.status()).toMatchObject({ state: 'Success', attempt: 3 })
    expect((await handle.attempts()).map(({ exitCode }) => exitCode)).toEqual([1, 1, 0])
    expect(await handle.log({ attempt: 2 })).toMatch(/^attempt 2\nError: not in attempt 2\n/)
    expect(await handle.log()).toBe('attempt 3\n')
  })

  test('exit codes have retries of their own', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ retry: { exitCodes: { 75: 1 } } })
    job.call(() => process.exit(75))
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ state: 'Failed', attempt: 2, exitCode: 75 })
  })

  test('a function that takes longer than the time limit of its job ends as Error, also if it never waits', async () => {
    const batch = bench.newBatch()
    const waits = batch.newFunctionJob({ name: 'waits', timeout: '300ms' })
    waits.call(stay)
    const spins = batch.newFunctionJob({ name: 'spins', timeout: '300ms' })
    spins.call(() => {
      for (;;) Math.random()
    })
    const run = await runAnyway(batch)
    for (const job of [waits, spins])
      expect(await run.job(job).status()).toMatchObject({ state: 'Error', reason: expect.stringMatching(/time limit/) })
  })

  test('the variables of the job are in its environment, and its folder is the current one', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ env: { GREETING: `it's "here"` } }).env('NUMBER', 3)
    const seen = job.call(() => [process.env.GREETING, process.env.NUMBER, process.env.BATCH_TMPDIR, process.cwd()])
    const run = await batch.run(quiet)
    const [greeting, number, root = '', folder] = await run.value(seen)
    expect([greeting, number]).toEqual([`it's "here"`, '3'])
    expect(root).not.toBe('')
    expect(folder).toBe(root)
  })

  test('a job without a call is a barrier', async () => {
    const batch = bench.newBatch()
    const first = batch.newFunctionJob({ name: 'first' })
    first.call(() => undefined)
    const barrier = batch.newFunctionJob({ name: 'barrier' }).dependsOn(first)
    batch
      .newFunctionJob({ name: 'last' })
      .dependsOn(barrier)
      .call(() => undefined)
    const run = await batch.run(quiet)
    expect(await statesOf(run)).toEqual({ first: 'Success', barrier: 'Success', last: 'Success' })
  })

  test('an always-run function gets what its failed parent left', async () => {
    const batch = bench.newBatch()
    const bad = batch.newJob({ name: 'bad', outputs: ['part'] })
    bad.command`echo partial > ${bad.out.part}; exit 1`
    const always = batch.newFunctionJob({ name: 'always', alwaysRun: true })
    const seen = always.call((path: string) => readFileSync(path, 'utf8'), bad.out.part)
    const run = await runAnyway(batch)
    expect(await run.value(seen)).toBe('partial\n')
  })
}

function testCancel(bench: Bench): void {
  test('a job is cancelled while its function runs, and its value with it', async () => {
    const batch = bench.newBatch({ defaultCpu: 0.25 })
    const job = batch.newFunctionJob({ name: 'sleeper' })
    const result = job.call(stay)
    batch.newFunctionJob({ name: 'other' }).call(() => undefined)
    const run = await batch.run({ ...quiet, wait: false })
    await untilPrinted(run.job(job))
    await run.job(job).cancel()
    await expect(run.value(result)).rejects.toThrow(CancelledError)
    await run.wait({ throwOnFailure: false })
    expect(await statesOf(run)).toEqual({ sleeper: 'Cancelled', other: 'Success' })
  })
}

async function untilPrinted(job: RunningJob): Promise<void> {
  for await (const _ of job.log({ follow: true })) return
}
