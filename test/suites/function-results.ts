import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const readNumber = (path: string): number => Number(readFileSync(path, 'utf8'))
const multiply = (x: number, y: number): number => x * y

export function testFunctionResults(bench: Bench): void {
  testPipeline(bench)
  testAsync(bench)

  test('a result is a file of JSON, of text, or as Node shows it', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    const object = job.call(() => ({ ü: ['a"b', null, 1.5], 'a b': { left: undefined } }))
    const text = job.call(() => 'a\nb')
    const special = job.call(() => new Map([[1n, new Set([Number.NaN])]]))
    const files = {
      'f.json': object.asJson(),
      'f.txt': object.asStr(),
      'f.repr': object.asRepr(),
      'f text.json': text.asJson(),
      'f text.txt': text.asStr(),
      'f text.repr': text.asRepr(),
      'f special.repr': special.asRepr(),
    }
    for (const [name, file] of Object.entries(files)) batch.writeOutput(file, bench.path(name))
    await batch.run(quiet)
    expect(await Promise.all(Object.keys(files).map(bench.read))).toEqual([
      '{"ü":["a\\"b",null,1.5],"a b":{}}\n',
      '[object Object]\n',
      `{ 'ü': [ 'a"b', null, 1.5 ], 'a b': { left: undefined } }\n`,
      '"a\\nb"\n',
      'a\nb\n',
      `'a\\nb'\n`,
      'Map(1) { 1n => Set(1) { NaN } }\n',
    ])
  })

  test('the calls of a job come one after the other, in one process, and share their modules', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    const first = job.call(() => {
      process.env.SEEN = 'x'
      return process.pid
    })
    const second = job.call((before: number) => [process.pid === before, process.env.SEEN], first)
    const third = job.call((values: unknown[]) => values.length, second)
    const run = await batch.run(quiet)
    expect(await run.value(second)).toEqual([true, 'x'])
    expect(await run.value(third)).toBe(2)
  })

  test('an extension keeps what the file of a result holds', async () => {
    const batch = bench.newBatch()
    const json = batch
      .newFunctionJob()
      .call(() => [1])
      .asJson()
    const job = batch.newJob()
    job.command`case ${json} in *.json) cat ${json};; esac`
    const run = await batch.run(quiet)
    expect(await run.job(job).log()).toBe('[1]\n')
  })

  test('values are there when the files of the run have gone, and for a program that waits for a job only', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ name: 'early' })
    const value = job.call(() => new Map([['x', 1]]))
    const run = await batch.run({ ...quiet, wait: false })
    expect(await run.value(value)).toEqual(new Map([['x', 1]]))
    await run.wait()
    expect(await run.value(value)).toEqual(new Map([['x', 1]]))
  })
}

function testPipeline(bench: Bench): void {
  test('values go from job to job, and out to commands', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ name: 'head', outputs: ['r5', 'r3'] })
    head.command`echo 5 > ${head.out.r5}; echo 3 > ${head.out.r3}`
    const middle = batch.newFunctionJob({ name: 'middle' })
    const [five, three] = [middle.call(readNumber, head.out.r5), middle.call(readNumber, head.out.r3)]
    const product = middle.call(multiply, five, three)
    const pair = batch.newFunctionJob({ name: 'pair' }).call((x: number, y: number) => ({ x, y }), five, product)
    const tail = batch.newJob({ name: 'tail' })
    tail.command`cat ${five.asStr()} ${product.asRepr()} ${pair.asJson()}`
    const run = await batch.run(quiet)
    expect(await run.job(tail).log()).toBe('5\n15\n{"x":5,"y":15}\n')
    expect(await run.value(pair)).toEqual({ x: 5, y: 15 })
  })

  test('a value is used again and again in its job, and in many others', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    const two = job.call(multiply, 1, 2)
    const four = job.call(multiply, two, two)
    const others = [1, 2, 3].map((x) => batch.newFunctionJob().call(multiply, four, x))
    const sum = batch.newFunctionJob().call((xs: number[]) => xs.reduce((left, right) => left + right), others)
    const run = await batch.run(quiet)
    expect(await run.value(sum)).toBe(24)
  })
}

function testAsync(bench: Bench): void {
  test('an async function is awaited, and its value reaches the next job and the program', async () => {
    const batch = bench.newBatch()
    const slow = async (x: number) => {
      await sleep(5)
      return x + 1
    }
    const first = batch.newFunctionJob().call(slow, 1)
    const second = batch.newFunctionJob().call(slow, first)
    const nothing = batch.newFunctionJob().call(async () => {})
    const run = await batch.run(quiet)
    expect(await run.value(second)).toBe(3)
    expect(await run.value(nothing)).toBeUndefined()
  })
}
