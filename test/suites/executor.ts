import { setTimeout } from 'node:timers/promises'
import {
  BatchPoolExecutor,
  type BatchPoolExecutorOptions,
  CancelledError,
  JobFailedError,
  TimeoutError,
  UnserializableFunctionError,
  zip,
} from 'graupel'
import { describe, expect, test } from 'vitest'
import { type Bench, type TestHome, useBench } from './home.ts'

/** An executor on any home; the same calls must end the same way in each. */
export function describeExecutor(home: TestHome): void {
  describe(`an executor on ${home.name}`, () => {
    const bench = useBench(home)
    describe('map', () => testMap(bench))
    describe('submit', () => testSubmit(bench))
    describe('what fails', () => testFailures(bench))
    describe('the end', () => testEnd(bench))
  })
}

const slow = async (): Promise<string> => {
  await setTimeout(60_000)
  return 'late'
}

const makePool = (bench: Bench, options: BatchPoolExecutorOptions = {}) =>
  new BatchPoolExecutor({ backend: bench.backend(), cpusPerJob: 0.25, ...options })

function testMap(bench: Bench): void {
  test('gives the values in the order of the items', async () => {
    await using pool = makePool(bench)
    expect(await Array.fromAsync(pool.map((x: number) => x * 3, [0, 1, 2, 3]))).toEqual([0, 3, 6, 9])
  })

  test('of nothing gives nothing', async () => {
    await using pool = makePool(bench)
    expect(await Array.fromAsync(pool.map((x: number) => x, []))).toEqual([])
  })

  test('takes sets, async iterables and several iterables in step', async () => {
    await using pool = makePool(bench)
    async function* words() {
      yield 'a'
      yield 'b'
    }
    expect(await Array.fromAsync(pool.map(Math.sqrt, new Set([1, 4])))).toEqual([1, 2])
    const repeat = (word: string, times: number) => word.repeat(times)
    expect(await Array.fromAsync(pool.map(repeat, zip(words(), [1, 2])))).toEqual(['a', 'bb'])
  })

  test('chunks keep the order, also an incomplete last one', async () => {
    await using pool = makePool(bench)
    const xs = Array.from({ length: 23 }, (_, x) => x)
    const products = await Array.fromAsync(pool.map((x, y) => x * y, zip(xs, xs), { chunkSize: 5 }))
    expect(products).toEqual(xs.map((x) => x * x))
  })

  test('gives the first values while later calls still run', async () => {
    await using pool = makePool(bench, { waitOnExit: false })
    const calls = pool.map(
      async (ms: number) => {
        await setTimeout(ms)
        return ms
      },
      [0, 60_000],
    )
    expect(await calls.next()).toEqual({ value: 0, done: false })
    await calls.return?.()
  })

  test('ends with the time limit, and whoever asks no more hears nothing of it', async () => {
    await using pool = makePool(bench, { waitOnExit: false })
    const waited = Array.fromAsync(pool.map(slow, [1, 2], { timeout: '500ms' }))
    await expect(waited).rejects.toThrow(TimeoutError)
    pool.map(slow, [1], { timeout: '100ms' })
  })

  test('an error in one call ends it, with the remote error', async () => {
    await using pool = makePool(bench)
    const fail = (x: number): number => {
      if (x === 2) throw new RangeError(`no ${x} please`)
      return x
    }
    const seen: number[] = []
    const all = async () => {
      for await (const value of pool.map(fail, [0, 1, 2, 3])) seen.push(value)
    }
    await expect(all()).rejects.toThrow(/RangeError: no 2 please/)
    expect(seen).toEqual([0, 1])
  })

  test('refuses iterables of different lengths and impossible chunks', async () => {
    await using pool = makePool(bench)
    const pairs = Array.fromAsync(pool.map((x, y) => x + y, zip([1, 2, 3], [1, 2])))
    await expect(pairs).rejects.toThrow('zip: iterable 2 ends after 2 items, and others have more')
    for (const chunkSize of [0, 1.5])
      expect(() => pool.map(slow, [1], { chunkSize })).toThrow(`chunkSize is ${chunkSize}`)
  })
}

function testSubmit(bench: Bench): void {
  test('gives the value, also when the executor has been shut down', async () => {
    const pool = makePool(bench)
    const future = pool.submit((x: number, y: number) => x * y, 3, 7)
    await pool.shutdown()
    expect(await future).toBe(21)
    expect(await future.result()).toBe(21)
    expect(await future.exception()).toBeUndefined()
    expect([future.done(), future.running(), future.cancelled()]).toEqual([true, false, false])
  })

  test('takes async functions, closures and values that JSON has no word for', async () => {
    await using pool = makePool(bench)
    const factor = 2
    const double = async (values: Map<string, bigint>) => new Map([...values].map(([k, v]) => [k, v * BigInt(factor)]))
    expect(await pool.submit(double, new Map([['a', 21n]]))).toEqual(new Map([['a', 42n]]))
    expect(await pool.submit(async () => undefined)).toBeUndefined()
  })

  test('a call sees the closure as it was when it was submitted', async () => {
    await using pool = makePool(bench)
    const list = [1]
    const first = pool.submit(() => list.length)
    list.push(2)
    const second = pool.submit(() => list.length)
    expect(await Promise.all([first, second])).toEqual([1, 2])
  })

  test('what cannot come along is refused at once', async () => {
    await using pool = makePool(bench)
    const timer = globalThis.setTimeout(() => undefined, 0)
    expect(() => pool.submit(() => timer.hasRef())).toThrow(UnserializableFunctionError)
    clearTimeout(timer)
  })

  test('many calls, one after the other and at once, are jobs of one batch', async () => {
    await using pool = makePool(bench)
    for (let x = 0; x < 5; x++) expect(await pool.submit((y: number) => y + 1, x)).toBe(x + 1)
    const futures = Array.from({ length: 50 }, (_, x) => pool.submit((y: number) => y * 2, x))
    expect(await Promise.all(futures)).toEqual(futures.map((_, x) => 2 * x))
  })

  test('tells numerical libraries how many threads they have', async () => {
    await using pool = makePool(bench, { cpusPerJob: 2 })
    expect(await pool.submit(() => process.env.OMP_NUM_THREADS)).toBe('2')
  })
}

function testFailures(bench: Bench): void {
  const fail = (): never => {
    throw new TypeError('this one breaks')
  }

  test('a remote error comes as result, as exception, and never uncalled', async () => {
    await using pool = makePool(bench)
    const future = pool.submit(fail)
    pool.submit(fail)
    await expect(future.result()).rejects.toThrow(JobFailedError)
    await expect(future.result()).rejects.toThrow(/TypeError: this one breaks/)
    expect(await future.exception()).toBeInstanceOf(JobFailedError)
    expect(future.done()).toBe(true)
  })

  test('leaving the executor raises nothing; who asks later hears the error', async () => {
    const futures = []
    {
      await using pool = makePool(bench)
      futures.push(pool.submit(fail))
    }
    await expect(futures[0]).rejects.toThrow(/this one breaks/)
  })

  test('a result that does not come in time can be asked for again', async () => {
    await using pool = makePool(bench, { waitOnExit: false })
    const future = pool.submit(slow)
    await expect(future.result('100ms')).rejects.toThrow(TimeoutError)
    await expect(future.result('100ms')).rejects.toThrow(TimeoutError)
    await expect(future.exception('100ms')).rejects.toThrow(TimeoutError)
    expect(await future.cancel()).toBe(true)
  })
}

function testEnd(bench: Bench): void {
  test.each([
    ['while it is open', async () => undefined],
    ['after a shutdown that does not wait', (pool: BatchPoolExecutor) => pool.shutdown({ wait: false })],
    ['after leaving one that does not wait', (pool: BatchPoolExecutor) => pool[Symbol.asyncDispose]()],
  ])('a call can be cancelled %s', async (_, leave) => {
    const pool = makePool(bench, { waitOnExit: false })
    const future = pool.submit(slow)
    await leave(pool)
    expect(await future.cancel()).toBe(true)
    expect([future.cancelled(), future.done()]).toEqual([true, true])
    expect(await future.cancel()).toBe(false)
    await expect(future.result()).rejects.toThrow(CancelledError)
    await pool.shutdown()
  })

  test('takes no calls when it has been shut down', async () => {
    const pool = makePool(bench, { name: 'closed' })
    await pool.shutdown()
    expect(() => pool.submit(slow)).toThrow(
      "Executor 'closed' has been shut down: submit() comes too late; make a new one.",
    )
    expect(() => pool.map(slow, [1])).toThrow(/map\(\) comes too late/)
  })
}
