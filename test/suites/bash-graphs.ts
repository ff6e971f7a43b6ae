import { expect, test } from 'vitest'
import { type Bench, quiet, statesOf } from './home.ts'

export function testBashGraphs(bench: Bench): void {
  test('an empty batch succeeds, again and again', async () => {
    const batch = bench.newBatch()
    expect((await (await batch.run(quiet)).status()).state).toBe('success')
    expect((await (await batch.run(quiet)).status()).state).toBe('success')
  })

  test('a job without a command is a barrier that succeeds', async () => {
    const batch = bench.newBatch()
    const barrier = batch.newJob({ name: 'barrier' })
    const after = batch.newJob({ name: 'after' }).dependsOn(barrier)
    after.command`true`
    expect(await statesOf(await batch.run(quiet))).toEqual({ barrier: 'Success', after: 'Success' })
  })

  test('jobs that have nothing to do with each other all arrive', async () => {
    const batch = bench.newBatch()
    for (let i = 0; i < 5; i++) {
      const job = batch.newJob({ name: `isolated-${i}`, outputs: ['text'] })
      job.command`echo ${i} > ${job.out.text}`
      batch.writeOutput(job.out.text, bench.path(`isolated-${i}`))
    }
    await batch.run(quiet)
    const texts = await Promise.all([0, 1, 2, 3, 4].map((i) => bench.read(`isolated-${i}`)))
    expect(texts).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n'])
  })

  test('a chain passes its files on', async () => {
    const batch = bench.newBatch()
    const first = batch.newJob({ name: 'first', outputs: ['text'] })
    first.command`printf 0 > ${first.out.text}`
    let last = first
    for (let i = 1; i < 3; i++) {
      const next = batch.newJob({ name: `next-${i}`, outputs: ['text'] })
      next.command`{ cat ${last.out.text}; printf ' ${i}'; } > ${next.out.text}`
      last = next
    }
    batch.writeOutput(last.out.text, bench.path('chain'))
    await batch.run(quiet)
    expect(await bench.read('chain')).toBe('0 1 2')
  })

  test('a sink joins what was scattered, selected by name', async () => {
    const batch = bench.newBatch()
    for (let i = 0; i < 3; i++) {
      const job = batch.newJob({ name: `foo${i}` })
      job.command`printf ${i} > ${job.output('ofile')}`
    }
    const scattered = batch.selectJobs('foo')
    expect(scattered).toHaveLength(3)
    const files = scattered.toReversed().map((job) => job.output('ofile'))
    const merge = batch.newJob({ name: 'merge', outputs: ['all'] })
    merge.command`cat ${files} > ${merge.out.all}`
    batch.writeOutput(merge.out.all, bench.path('merged'))
    await batch.run(quiet)
    expect(await bench.read('merged')).toBe('210')
  })

  test('a command of 15 KiB runs', async () => {
    const batch = bench.newBatch()
    const text = 'x'.repeat(15 * 1024)
    const job = batch.newJob({ name: 'large', outputs: ['size'] })
    job.command`printf %s ${text} | wc -c > ${job.out.size}`
    batch.writeOutput(job.out.size, bench.path('size'))
    await batch.run(quiet)
    expect((await bench.read('size')).trim()).toBe(String(text.length))
  })

  test('the layers of a diamond come one after the other', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ name: 'head' })
    const middle = [1, 2, 3].map((i) => batch.newJob({ name: `middle-${i}` }).dependsOn(head))
    const tail = batch.newJob({ name: 'tail' }).dependsOn(...middle)
    for (const job of [head, ...middle, tail]) job.command`true`
    const run = await batch.run(quiet)
    const [first, last] = await Promise.all([run.job(head).status(), run.job(tail).status()])
    for (const job of middle) {
      const { startedAt, endedAt } = await run.job(job).status()
      expect(startedAt?.getTime()).toBeGreaterThanOrEqual(first.endedAt?.getTime() ?? Number.NaN)
      expect(endedAt?.getTime()).toBeLessThanOrEqual(last.startedAt?.getTime() ?? Number.NaN)
    }
  })
}
