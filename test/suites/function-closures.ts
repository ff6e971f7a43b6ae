import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import { expect, test } from 'vitest'
import { countVowels, Tally } from './fixtures/count-letters.ts'
import { type Bench, quiet } from './home.ts'

const greeting = { words: ['hello', 'there'], when: new Date(0) }
const twice = (text: string): string => text + text

class Circle {
  readonly radius: number

  constructor(radius: number) {
    this.radius = radius
  }

  static unit(): Circle {
    return new Circle(1)
  }

  get area(): number {
    return Math.PI * this.radius ** 2
  }
}

class Ring extends Circle {
  override get area(): number {
    return super.area - Circle.unit().area
  }
}

export function testFunctionClosures(bench: Bench): void {
  testImports(bench)

  test('constants, objects and other functions come along', async () => {
    const batch = bench.newBatch()
    const end = '!'
    const say = () => twice(`${greeting.words.join(' ')}${end}`) + greeting.when.getTime()
    const said = batch.newFunctionJob().call(say)
    const run = await batch.run(quiet)
    expect(await run.value(said)).toBe('hello there!hello there!0')
  })

  test('each call sees the variables of its own time in a loop', async () => {
    const batch = bench.newBatch()
    const products = [1, 2].flatMap((x) => [3, 4].map((y) => batch.newFunctionJob().call(() => [x, y, x * y])))
    const all = batch.newFunctionJob().call((rows: number[][]) => rows, products)
    const run = await batch.run(quiet)
    expect(await run.value(all)).toEqual([
      [1, 3, 3],
      [1, 4, 4],
      [2, 3, 6],
      [2, 4, 8],
    ])
  })

  test('classes come along, and their instances as arguments', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    const made = job.call(() => new Ring(2).area / Math.PI)
    const given = job.call((circle: Circle) => [circle instanceof Ring, circle.area / Math.PI], new Ring(3))
    const run = await batch.run(quiet)
    expect(await run.value(made)).toBeCloseTo(3)
    expect(await run.value(given)).toEqual([true, expect.closeTo(8)])
  })

  test('the program goes on as if nothing had been taken', async () => {
    const batch = bench.newBatch()
    const list = [1]
    const length = batch.newFunctionJob().call(() => list.push(2))
    list.push(3, 4)
    const run = await batch.run(quiet)
    expect(await run.value(length)).toBe(2)
    expect(list).toEqual([1, 3, 4])
  })

  test('functions may be declared, methods, generators and recursive', async () => {
    const batch = bench.newBatch()
    function* countTo(end: number) {
      for (let i = 1; i <= end; i++) yield i
    }
    function factorial(n: number): number {
      return n <= 1 ? 1 : n * factorial(n - 1)
    }
    const tools = {
      factorials(end: number) {
        return [...countTo(end)].map(factorial)
      },
    }
    const seen = batch.newFunctionJob().call(tools.factorials, 4)
    const largest = batch.newFunctionJob().call(Math.max, 1, 3, 2)
    const run = await batch.run(quiet)
    expect(await run.value(seen)).toEqual([1, 2, 6, 24])
    expect(await run.value(largest)).toBe(3)
  })
}

function testImports(bench: Bench): void {
  test('a module of Node, one of the program and a package are there in the job', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob()
    const hash = job.call((text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8), 'x')
    const vowels = job.call(countVowels, 'graupel')
    const most = job.call(
      (words: string[]) => words.reduce((tally, word) => tally.add(word), new Tally()).most,
      ['a', 'b', 'b'],
    )
    const limited = job.call(
      async (xs: number[]) => {
        const limit = pLimit(1)
        return Promise.all(xs.map((x) => limit(async () => x + 1)))
      },
      [1, 2],
    )
    const run = await batch.run(quiet)
    expect(await run.value(hash)).toBe('2d711642')
    expect(await run.value(vowels)).toBe(3)
    expect(await run.value(most)).toBe('b')
    expect(await run.value(limited)).toEqual([2, 3])
  })
}
