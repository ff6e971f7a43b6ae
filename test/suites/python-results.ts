import { python, pythonFunction } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const point = python`
  from dataclasses import dataclass

  @dataclass
  class Point:
      x: int
      y: int

  def make(x, y):
      return [Point(x, y), {(1, 2): {3}}]
`
const add = python`def add(x, y): return x + y`

export function testPythonResults(bench: Bench): void {
  testPipeline(bench)
  testAsync(bench)

  test('a result is a file of JSON, of text, or as Python shows it', async () => {
    const batch = bench.newBatch()
    const result = batch.newPythonJob().call(python`def make(): return {'ü': ['a"b', None, 1.0, 2 ** 70]}`)
    batch.writeOutput(result.asJson(), bench.path('result.json'))
    batch.writeOutput(result.asStr(), bench.path('result.txt'))
    batch.writeOutput(result.asRepr(), bench.path('result.repr'))
    const text = batch.newPythonJob().call(python`def text(): return 'a\nb'`)
    batch.writeOutput(text.asStr(), bench.path('text.txt'))
    batch.writeOutput(text.asRepr(), bench.path('text.repr'))
    await batch.run(quiet)
    expect(await bench.read('result.json')).toBe(`{"ü": ["a\\"b", null, 1.0, ${2n ** 70n}]}\n`)
    expect(await bench.read('result.txt')).toBe(`{'ü': ['a"b', None, 1.0, ${2n ** 70n}]}\n`)
    expect(await bench.read('result.repr')).toBe(await bench.read('result.txt'))
    expect(await bench.read('text.txt')).toBe('a\nb\n')
    expect(await bench.read('text.repr')).toBe(`'a\\nb'\n`)
  })

  test('an object of a class of its source is read by calls of any other source, in other jobs too', async () => {
    const batch = bench.newBatch()
    const made = batch.newPythonJob({ name: 'make' }).call(point, 1, 2)
    const through = batch.newPythonJob({ name: 'through' }).call(python`def same(value): return value`, made)
    const job = batch.newPythonJob({ name: 'show' })
    batch.writeOutput(job.call(python`def show(value): return value`, through).asRepr(), bench.path('points'))
    await batch.run(quiet)
    expect(await bench.read('points')).toBe('[Point(x=1, y=2), {(1, 2): {3}}]\n')
  })

  test('the calls of a job come one after the other, in one process, each source loaded once', async () => {
    const batch = bench.newBatch()
    const file = await bench.write(
      'counter.py',
      'import os\ncount = 0\n\ndef up(by=1):\n    global count\n    count += by\n    return [count, os.getpid()]\n' +
        'def read(*values):\n    return [[number for number, _ in values], len({process for _, process in values})]\n',
    )
    const up = pythonFunction(file, 'up')
    const job = batch.newPythonJob()
    const counts = [job.call(up), job.call(up, 10), job.call(up)]
    batch.writeOutput(job.call(pythonFunction(file, 'read'), ...counts).asJson(), bench.path('counts'))
    await batch.run(quiet)
    expect(JSON.parse(await bench.read('counts'))).toEqual([[1, 11, 12], 1])
  })

  test('a result that nobody reads needs no form', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    job.call(python`def make(): return (item for item in ())`)
    const run = await batch.run(quiet)
    expect((await run.job(job).status()).state).toBe('Success')
  })
}

function testPipeline(bench: Bench): void {
  test('values go from job to job, and out to commands', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ name: 'head', outputs: ['r5', 'r3'] })
    head.command`echo 5 > ${head.out.r5}; echo 3 > ${head.out.r3}`
    const middle = batch.newPythonJob({ name: 'middle' })
    const read = python`def read(path): return int(open(path).read())`
    const [five, three] = [middle.call(read, head.out.r5), middle.call(read, head.out.r3)]
    const product = middle.call(python`def multiply(x, y): return x * y`, five, three)
    const reformat = python`def reformat(x, y): return {'x': x, 'y': y}`
    const pair = batch.newPythonJob({ name: 'pair' }).call(reformat, five, product)
    const tail = batch.newJob({ name: 'tail' })
    tail.command`cat ${five.asStr()} ${product.asRepr()} ${pair.asJson()}`
    const run = await batch.run(quiet)
    expect(await run.job(tail).log()).toBe('5\n15\n{"x": 5, "y": 15}\n')
  })

  test('a value is used again and again in its job', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob()
    const one = job.call(add, 1, 0)
    const two = job.call(add, one, one)
    batch.writeOutput(job.call(add, two, one).asJson(), bench.path('three'))
    await batch.run(quiet)
    expect(await bench.read('three')).toBe('3\n')
  })
}

function testAsync(bench: Bench): void {
  test('a coroutine function runs, and its value reaches the next job', async () => {
    const batch = bench.newBatch()
    const slow = python`
      import asyncio

      async def slow(x):
          await asyncio.sleep(0)
          return x + 1
    `
    const first = batch.newPythonJob().call(slow, 1)
    batch.writeOutput(batch.newPythonJob().call(slow, first).asStr(), bench.path('async'))
    await batch.run(quiet)
    expect(await bench.read('async')).toBe('3\n')
  })
}
