import { concatenate } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

export function testMerging(bench: Bench): void {
  test('ten files are concatenated by a tree of pairs, in their order', async () => {
    const batch = bench.newBatch({ name: 'pairs' })
    const files = Array.from({ length: 10 }, (_, index) => {
      const job = batch.newJob({ name: `number-${index}`, outputs: ['text'] })
      job.command`echo ${index} > ${job.out.text}`
      return job.out.text
    })
    batch.writeOutput(concatenate(batch, files, { branchingFactor: 2 }), bench.path('ten'))
    const run = await batch.run(quiet)
    expect((await run.status()).counts.success).toBe(10 + 5 + 3 + 2 + 1)
    expect(await bench.read('ten')).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n')
  })

  test('many files, made and read, of any name and content, become one', async () => {
    const batch = bench.newBatch({ name: `it's a "merge"` })
    const contents = Array.from({ length: 120 }, (_, index) => `${index}\0 no newline at the end`)
    const inputs = await Promise.all(
      contents.map((content, index) => bench.write(`-n part ${index} $(it's) "quoted" ü`, content)),
    )
    const make = batch.newJob({ name: 'make the * last', outputs: ['the last; one'] })
    make.command`printf end > ${make.output('the last; one')}`
    const files = [...inputs.map((path) => batch.readInput(path)), make.output('the last; one')]
    batch.writeOutput(concatenate(batch, files, { branchingFactor: 200 }), bench.path('many'))
    await batch.run(quiet)
    expect(await bench.read('many')).toBe(`${contents.join('')}end`)
  })
}
