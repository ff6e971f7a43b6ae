import { kwargs, python } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const add = python`def add(x, y): return x + y`
const multiply = python`def multiply(x, y): return x * y`

/** What Hail's documentation shows of Python jobs: https://hail.is/docs/batch (2026-11) */
export function testPythonPrograms(bench: Bench): void {
  test('hello, in two chained calls, written as text', async () => {
    const batch = bench.newBatch({ name: 'hello' })
    const job = batch.newPythonJob({ name: 'hello' })
    const hello = job.call(python`def hello(name): return 'hello ' + name`, 'alice')
    const loud = job.call(python`def upper(text): return text.upper()`, hello)
    batch.writeOutput(loud.asStr(), bench.path('hello'))
    await batch.run(quiet)
    expect(await bench.read('hello')).toBe('HELLO ALICE\n')
  })

  test('a table of nine jobs, joined by cat and read again', async () => {
    const batch = bench.newBatch({ name: 'add' })
    const format = python`
      def format_as_csv(x, y, total, product):
          return f'{x},{y},{total},{product}'
    `
    const rows = [1, 2, 3].flatMap((x) =>
      [4, 5, 6].map((y) => {
        const job = batch.newPythonJob({ name: `${x}-${y}` })
        const product = job.call(multiply, x, y)
        return job.call(format, x, y, job.call(add, x, y), kwargs({ product })).asStr()
      }),
    )
    const cat = batch.newJob({ name: 'concatenate', outputs: ['output'] })
    cat.command`cat ${rows} > ${cat.out.output}`
    const toJson = python`
      import csv

      def csv_to_json(path):
          with open(path) as file:
              return [dict(zip(['x', 'y', 'add', 'mult'], map(int, row))) for row in csv.reader(file)]
    `
    batch.writeOutput(
      batch.newPythonJob({ name: 'json' }).call(toJson, cat.out.output).asJson(),
      bench.path('add.json'),
    )
    await batch.run(quiet)
    const expected = [1, 2, 3].flatMap((x) => [4, 5, 6].map((y) => ({ x, y, add: x + y, mult: x * y })))
    expect(JSON.parse(await bench.read('add.json'))).toEqual(expected)
  })

  test('a value used again in its job, and written in two forms', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    const sum = job.call(add, 1, 2)
    const pair = job.call(python`def pair(a, b): return {'sum': a, 'product': b}`, sum, job.call(multiply, sum, 10))
    batch.writeOutput(pair.asJson(), bench.path('pair.json'))
    batch.writeOutput(sum.asRepr(), bench.path('sum.repr'))
    await batch.run(quiet)
    expect(await bench.read('pair.json')).toBe('{"sum": 3, "product": 30}\n')
    expect(await bench.read('sum.repr')).toBe('3\n')
  })
}
