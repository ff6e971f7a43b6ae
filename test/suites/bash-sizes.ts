import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

export function testBashSizes(bench: Bench): void {
  test('a share of a core and an amount of memory can be asked for', async () => {
    const batch = bench.newBatch({ defaultStorage: '10Gi' })
    const job = batch.newJob({ name: 'small', cpu: 0.5, memory: '100M' }).command`true`
    const run = await batch.run(quiet)
    expect((await run.job(job).status()).state).toBe('Success')
  })

  test('a file that nobody reads is made and forgotten', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'unread', attributes: { kind: 'test' } })
    job.command`echo hello > ${job.output('ofile')}`
    const run = await batch.run(quiet)
    expect(await run.job(job).status()).toMatchObject({ state: 'Success', attributes: { kind: 'test' } })
  })

  test('two megabytes of commands arrive whole, each job its own', async () => {
    const batch = bench.newBatch()
    const filler = 'x'.repeat(40 * 1024)
    const sizes = Array.from({ length: 50 }, (_, index) => {
      const job = batch.newJob({ name: `long-${index}`, outputs: ['size'] })
      job.command`printf %s ${filler}${index} | wc -c | tr -d ' ' > ${job.out.size}`
      return job.out.size
    })
    const sum = batch.newJob({ name: 'sum', outputs: ['total'] })
    sum.command`cat ${sizes} | awk '{ sum += $1 } END { print sum }' > ${sum.out.total}`
    batch.writeOutput(sum.out.total, bench.path('total'))
    await batch.run(quiet)
    expect(Number(await bench.read('total'))).toBe(50 * filler.length + 10 + 40 * 2)
  })

  test('one member is written of a group that was only mentioned as a whole', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({
      name: 'whole',
      resourceGroups: { pair: { left: '{root}.left', right: '{root}.right' } },
    })
    job.command`for side in left right; do echo $side > ${job.out.pair}.$side; done`
    batch.writeOutput(job.out.pair.right, bench.path('right'))
    await batch.run(quiet)
    expect(await bench.read('right')).toBe('right\n')
  })

  test('a digit after a file is text, not part of the name of another', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'digit', outputs: ['file'] })
    job.command(`echo one > ${job.out.file}2; mv ${job.out.file}2 ${job.out.file}`)
    batch.writeOutput(job.out.file, bench.path('digit'))
    await batch.run(quiet)
    expect(await bench.read('digit')).toBe('one\n')
  })
}
