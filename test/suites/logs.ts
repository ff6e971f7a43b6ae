import { expect, test, vi } from 'vitest'
import { type Bench, quiet, runAnyway } from './home.ts'

export function testLogs(bench: Bench): void {
  testFollowing(bench)
  testReading(bench)
  testUsage(bench)
}

/** Commands that go on until somebody writes the file. */
const untilFile = (path: string) => `until [ -e '${path}' ]; do sleep 0.05; done`

function testFollowing(bench: Bench): void {
  test('a log has both streams, and is followed line by line to its end', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'talks' }).command`echo one; echo two >&2; sleep 1; printf three`
    const run = await batch.run({ ...quiet, wait: false })
    expect(await Array.fromAsync(run.job(job).log({ follow: true }))).toEqual(['one', 'two', 'three'])
    await run.wait()
    expect(await run.job(job).log()).toBe('one\ntwo\nthree')
  })

  test('a line is shown while the job that printed it runs', async () => {
    const batch = bench.newBatch()
    const release = bench.path('release-line')
    const job = batch.newJob().command(`echo early; ${untilFile(release)}; echo late`)
    const run = await batch.run({ ...quiet, wait: false })
    const lines: string[] = []
    for await (const line of run.job(job).log({ follow: true })) {
      lines.push(line)
      if (line !== 'early') continue
      expect(await run.job(job).log()).toBe('early\n')
      await bench.write('release-line', '')
    }
    expect(lines).toEqual(['early', 'late'])
    await run.wait()
  })

  test('a line of megabytes is one line', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob().command`head -c 3000000 /dev/zero | tr '\0' x; echo; echo end`
    const run = await batch.run(quiet)
    const lines = await Array.fromAsync(run.job(job).log({ follow: true }))
    expect(lines.map((line) => line.length)).toEqual([3_000_000, 3])
  })
}

function testReading(bench: Bench): void {
  test('an attempt that never was has no log', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'once' }).command`true`
    const run = await batch.run(quiet)
    await expect(run.job(job).log({ attempt: 2 })).rejects.toThrow(/no attempt 2/)
  })

  test('the log of a job that prints nothing is empty, and so is that of one that never ran', async () => {
    const batch = bench.newBatch()
    const silent = batch.newJob().command`exit 1`
    const child = batch.newJob().dependsOn(silent).command`echo never`
    const run = await runAnyway(batch)
    expect(await run.job(silent).log()).toBe('')
    expect(await run.job(child).log()).toBe('')
    expect(await Array.fromAsync(run.job(child).log({ follow: true }))).toEqual([])
  })

  test('the log of a job whose commands could not run says why', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ shell: '/no/such/shell' }).command`true`
    const run = await runAnyway(batch)
    expect(await run.job(job).log()).toContain('/no/such/shell')
    expect(await Array.fromAsync(run.job(job).log({ follow: true }))).toEqual([
      expect.stringContaining('/no/such/shell'),
    ])
  })

  test('many short jobs each have their own log', async () => {
    const batch = bench.newBatch({ defaultCpu: 0.25, defaultMemory: '64Mi' })
    const jobs = Array.from({ length: 40 }, (_, index) => batch.newJob().command`echo this is ${index}`)
    const run = await batch.run(quiet)
    const logs = await Promise.all(jobs.map((job) => run.job(job).log()))
    expect(logs).toEqual(jobs.map((_, index) => `this is ${index}\n`))
  })
}

function testUsage(bench: Bench): void {
  test('what a job uses is told while it runs and afterwards, and of a short job nothing', async () => {
    const batch = bench.newBatch()
    const release = bench.path('release-usage')
    const busy = batch.newJob().command(`head -c 5000000 /dev/zero > file; until [ -e '${release}' ]; do :; done`)
    const short = batch.newJob().command`true`
    const run = await batch.run({ ...quiet, wait: false })
    const peak = async (of: 'cpu' | 'memoryBytes' | 'storageBytes') =>
      Math.max(0, ...(await run.job(busy).resourceUsage()).map((sample) => sample[of]))
    const patience = { timeout: 60_000, interval: 200 }
    await vi.waitFor(async () => expect(await peak('storageBytes')).toBeGreaterThanOrEqual(5_000_000), patience)
    await bench.write('release-usage', '')
    await run.wait()
    expect((await run.job(busy).resourceUsage())[0]?.at).toBeInstanceOf(Date)
    expect(await peak('cpu')).toBeGreaterThan(0)
    expect(await peak('memoryBytes')).toBeGreaterThan(100_000)
    expect(await run.job(busy).resourceUsage({ attempt: 1 })).toEqual(await run.job(busy).resourceUsage())
    await expect(run.job(busy).resourceUsage({ attempt: 2 })).rejects.toThrow(/no attempt 2/)
    expect(await run.job(short).resourceUsage()).toEqual([])
  })
}
