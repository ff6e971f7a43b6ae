// Cases for the compiler, never run: what must compile, and below each `@ts-expect-error` what must not. They hold with
// every strict flag and with none.
import {
  type BatchError,
  BatchPoolExecutor,
  type BatchPoolExecutorOptions,
  type BatchPoolFuture,
  LocalBackend,
  zip,
} from 'graupel'
import { is } from './same.ts'

const count = (path: string, min: number) => path.length + min

export async function submits(): Promise<void> {
  await using pool = new BatchPoolExecutor({ name: 'numbers', backend: new LocalBackend() })
  const future = pool.submit(count, 'x', 3)
  is<BatchPoolFuture<number>>()(future)
  is<number>()(await future)
  is<number>()(await future.result('2s'))
  is<BatchError | undefined>()((await future.exception(2)) as BatchError | undefined)
  is<boolean>()(await future.cancel())
  is<boolean>()(future.cancelled() || future.done() || future.running())
  is<BatchPoolFuture<number>>()(pool.submit((x) => x * 2, 3))
  is<BatchPoolFuture<string | number>>()(pool.submit(async (x: string | number) => x, 3))
  const optional = (path: string, min?: number) => `${path}${min}`
  pool.submit(optional, 'x')
  pool.submit(() => 3)
  const [left, right] = await Promise.all([future, pool.submit(() => 'x')])
  is<number>()(left)
  is<string>()(right)
  // @ts-expect-error one too many
  pool.submit(count, 'x', 3, 4)
  // @ts-expect-error one is missing
  pool.submit(count, 'x')
  // @ts-expect-error of the wrong type
  pool.submit(count, 3, 3)
  // @ts-expect-error no duration
  await future.result('2 seconds')
  await pool.shutdown({ wait: false })
}

export async function maps(): Promise<void> {
  await using pool = new BatchPoolExecutor()
  for await (const y of pool.map((x) => x * 3, [0, 1, 2, 3])) is<number>()(y)
  const zipped = zip(['a', 'b'], [1, 2])
  for await (const y of pool.map((a, b) => a.length + b, zipped, { chunkSize: 5, timeout: '1m' })) is<number>()(y)
  async function* items() {
    yield 1
  }
  is<number[]>()(await Array.fromAsync(pool.map(async (x: number) => x, items())))
  pool.map(count, zip(['a'], [1]))
  pool.map(count, zip(items2(), new Set([1])))
  pool.map((xs: number[]) => xs.length, [[1, 2], [3]])
  pool.map(Math.sqrt, new Set([1, 4]))
  // @ts-expect-error items of another type
  pool.map((x: string) => x, [1])
  // @ts-expect-error columns of another type
  pool.map(count, zip([1], [1]))
  // @ts-expect-error misspelt option
  pool.map(Math.sqrt, [1], { chunksize: 5 })
}

async function* items2(): AsyncGenerator<string> {
  yield 'a'
}

export function options(): void {
  const all: BatchPoolExecutorOptions = {
    name: process.env.NAME,
    image: 'node:24-slim',
    cpusPerJob: '500m',
    waitOnExit: false,
    cleanupBucket: false,
  }
  new BatchPoolExecutor({ ...all, cpusPerJob: 0.25 })
  // @ts-expect-error misspelt option
  new BatchPoolExecutor({ cpusPerJobs: 1 })
}
