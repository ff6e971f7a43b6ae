// Programs for the compiler, never run: how batches of TypeScript functions are written.
import { readFile } from 'node:fs/promises'
import { Batch, BatchPoolExecutor, type FunctionResult, zip } from 'graupel'

export async function table(): Promise<number[]> {
  const batch = new Batch({ name: 'table' })
  const rows = [1, 2, 3].flatMap((x) =>
    [4, 5, 6].map((y) =>
      batch.newFunctionJob({ name: `${x}-${y}` }).call(() => ({ x, y, sum: x + y, product: x * y })),
    ),
  )
  const sums = batch.newFunctionJob({ name: 'sums' }).call((all: { sum: number }[]) => all.map(({ sum }) => sum), rows)
  batch.writeOutput(sums.asJson(), 'out/sums.json')
  const run = await batch.run()
  return run.value(sums)
}

export async function treeSum(paths: readonly string[]): Promise<number> {
  const batch = new Batch({ name: 'tree sum' })
  const add = (left: number, right: number) => left + right
  const bytes = async (path: string) => (await readFile(path)).length
  let level: FunctionResult<number>[] = paths.map((path) => batch.newFunctionJob().call(bytes, batch.readInput(path)))
  while (level.length > 1) {
    const pairs = level.flatMap((left, index) => {
      const right = level[index + 1]
      if (index % 2 === 1) return []
      return right === undefined ? [left] : [batch.newFunctionJob().call(add, left, right)]
    })
    level = pairs
  }
  const [total] = level
  const run = await batch.run()
  return total === undefined ? 0 : run.value(total)
}

export async function numbers(): Promise<string[]> {
  await using pool = new BatchPoolExecutor({ name: 'numbers', cpusPerJob: 0.25 })
  const future = pool.submit((x: number) => x + 1, 41)
  console.log(await future.result('30s'))
  for await (const square of pool.map((x) => x ** 2, [0, 1, 2, 3], { chunkSize: 2 })) console.log(square)
  return Array.fromAsync(pool.map((a, b) => `${a}${b}`, zip(['a', 'b'], ['c', 'd'])))
}
