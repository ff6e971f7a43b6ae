import { InvalidBatchError, kwargs, python } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const write = python`
  def write(path, text):
      with open(path, 'w') as file:
          file.write(str(text))
      return text
`

export function testPythonWithOthers(bench: Bench): void {
  testUpdates(bench)

  test('jobs of three languages pass values on to each other', async () => {
    const batch = bench.newBatch()
    const measured = batch.newPythonJob({ name: 'measure' }).call(python`def measure(): return {'values': [1, 2, 6]}`)
    const mean = batch.newFunctionJob({ name: 'mean' }).call((path: string) => {
      const { readFileSync } = process.getBuiltinModule('node:fs')
      const { values }: { values: number[] } = JSON.parse(readFileSync(path, 'utf8'))
      return { mean: values.reduce((sum, value) => sum + value, 0) / values.length }
    }, measured.asJson())
    const load = python`
      def load(path, digits):
          import json
          return f"mean {json.load(open(path))['mean']:.{digits}f}"
    `
    const shown = batch.newPythonJob({ name: 'show' }).call(load, mean.asJson(), kwargs({ digits: 2 }))
    const loud = batch.newJob({ name: 'loud', outputs: ['text'] })
    loud.command`tr a-z A-Z < ${shown.asStr()} > ${loud.out.text}`
    batch.writeOutput(loud.out.text, bench.path('loud'))
    await batch.run(quiet)
    expect(await bench.read('loud')).toBe('MEAN 3.00\n')
  })
}

function testUpdates(bench: Bench): void {
  test('three runs of one batch follow each other', async () => {
    const batch = bench.newBatch()
    const first = batch.newPythonJob({ name: 'first', outputs: ['text'] })
    const value = first.call(write, first.out.text, 'one')
    const kept = value.asJson()
    await batch.run({ ...quiet, deleteScratchOnExit: false })

    const second = batch.newPythonJob({ name: 'second', outputs: ['text'] }).dependsOn(first)
    second.call(write, second.out.text, 'two')
    batch.writeOutput(second.out.text, bench.path('second'))
    await batch.run(quiet)

    const read = python`def read(*paths): return [open(path).read() for path in paths]`
    const third = batch.newPythonJob({ name: 'third' }).dependsOn(second)
    batch.writeOutput(third.call(read, first.out.text, kept).asJson(), bench.path('third'))
    const run = await batch.run(quiet)
    expect((await run.status()).counts.success).toBe(3)
    expect(await bench.read('second')).toBe('two')
    expect(JSON.parse(await bench.read('third'))).toEqual(['one', '"one"\n'])
  })

  test('a value that no call read while its job could still be changed is refused later', async () => {
    const batch = bench.newBatch()
    const early = batch.newPythonJob({ name: 'early', outputs: ['text'] })
    const value = early.call(write, early.out.text, 1)
    await batch.run(quiet)
    const late = batch.newPythonJob({ name: 'late', outputs: ['text'] })
    const call = () => late.call(write, late.out.text, value)
    expect(call).toThrow(InvalidBatchError)
    expect(call).toThrow(
      "Job 'early' has been submitted: passing its result on for the first time comes too late. Make a new job instead.",
    )
  })
}
