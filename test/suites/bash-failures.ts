import { existsSync } from 'node:fs'
import { BatchFailedError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testBashFailures(bench: Bench): void {
  testShells(bench)
  testPropagation(bench)

  test('a run with a failed job throws, with the status, the jobs and their last lines', async () => {
    const batch = bench.newBatch({ name: 'unlucky' })
    batch.newJob({ name: 'good' }).command`true`
    batch.newJob({ name: 'bad' }).command`echo no luck; exit 3`
    const error = await batch.run(quiet).catch((caught: unknown) => caught)
    if (!(error instanceof BatchFailedError)) throw error
    expect(error.status.state).toBe('failure')
    expect(error.status.counts).toMatchObject({ success: 1, failed: 1 })
    expect(error.failedJobs).toMatchObject([{ name: 'bad', state: 'Failed', exitCode: 3, log: 'no luck\n' }])
    expect(error.message).toMatch(/unlucky[\s\S]*bad[\s\S]*no luck/)
    expect((await error.batch.status()).id).toBe(error.status.id)
  })

  test('a needed output that was not made ends the job as Error, by name', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'forgetful', outputs: ['result'] })
    job.command`true`
    batch.writeOutput(job.out.result, bench.path('never'))
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', reason: expect.stringContaining('result') })
    expect(existsSync(bench.path('never'))).toBe(false)
  })
}

function testShells(bench: Bench): void {
  test('a shell can be named', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'sh', shell: '/bin/sh', outputs: ['shell'] })
    job.command`echo "$0" > ${job.out.shell}`
    batch.writeOutput(job.out.shell, bench.path('shell'))
    await batch.run(quiet)
    expect(await bench.read('shell')).toBe('/bin/sh\n')
  })

  test('a shell that does not exist ends the job as Error and says so', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'nonsense', shell: '/bin/ajdsfoijasidojf' }).command`echo hello`
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({
      state: 'Error',
      reason: expect.stringContaining('/bin/ajdsfoijasidojf'),
    })
  })

  test.each(['false\necho after', 'foo', 'exit 1'])('the job fails that runs %j', async (script) => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'bad' }).command(script)
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ state: 'Failed', exitCode: expect.any(Number) })
  })

  test('a failed command is not hidden by a later one', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'two' }).command`false`.command`echo still here`
    const run = await runAnyway(batch)
    expect((await run.job(job).status()).state).toBe('Failed')
    expect(await run.job(job).log()).not.toContain('still here')
  })
}

function testPropagation(bench: Bench): void {
  test('a failed job does not stop jobs that do not depend on it', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'bad' }).command`false`
    const good = batch.newJob({ name: 'good', outputs: ['text'] })
    good.command`echo fine > ${good.out.text}`
    batch.writeOutput(good.out.text, bench.path('fine'))
    const run = await runAnyway(batch)
    expect(await bench.read('fine')).toBe('fine\n')
    expect(await statesOf(run)).toEqual({ bad: 'Failed', good: 'Success' })
  })

  test('a failed job cancels its children and theirs', async () => {
    const batch = bench.newBatch()
    const bad = batch.newJob({ name: 'bad', outputs: ['x'] })
    bad.command`echo x > ${bad.out.x}; exit 1`
    const child = batch.newJob({ name: 'child', outputs: ['y'] })
    child.command`cat ${bad.out.x} > ${child.out.y}`
    const grandchild = batch.newJob({ name: 'grandchild' }).dependsOn(child)
    grandchild.command`true`
    batch.writeOutput(child.out.y, bench.path('not-there'))
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({ bad: 'Failed', child: 'Cancelled', grandchild: 'Cancelled' })
    expect((await run.job(child).status()).reason).toMatch(/depends on/)
    expect(existsSync(bench.path('not-there'))).toBe(false)
  })

  test('an always-run job runs after a failed parent and sees what that left', async () => {
    const batch = bench.newBatch()
    const bad = batch.newJob({ name: 'bad', outputs: ['part'] })
    bad.command`echo partial > ${bad.out.part}; exit 1`
    const always = batch.newJob({ name: 'always', alwaysRun: true, outputs: ['seen'] })
    always.command`cat ${bad.out.part} > ${always.out.seen}`
    batch.writeOutput(always.out.seen, bench.path('seen'))
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({ bad: 'Failed', always: 'Success' })
    expect(await bench.read('seen')).toBe('partial\n')
  })

  test('a failed job writes its outputs if they are always copied, and nothing otherwise', async () => {
    const batch = bench.newBatch()
    for (const always of [true, false]) {
      const job = batch.newJob({ name: `copy ${always}`, alwaysCopyOutput: always, outputs: ['x'] })
      job.command`echo x > ${job.out.x}; exit 1`
      batch.writeOutput(job.out.x, bench.path(`copied ${always}`))
    }
    await runAnyway(batch)
    expect(await bench.read('copied true')).toBe('x\n')
    expect(existsSync(bench.path('copied false'))).toBe(false)
  })
}
