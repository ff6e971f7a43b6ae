// Calls of functions in jobs, as an executor of threads would make them.
import { BatchPoolExecutor, zip } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend } = exampleArguments('executor')
{
  await using pool = new BatchPoolExecutor({ name: 'numbers', backend, cpusPerJob: 0.25 })

  const future = pool.submit((x: number) => x + 1, 41)
  console.log(`41 + 1 = ${await future}`)

  for await (const square of pool.map((x: number) => x ** 2, [0, 1, 2, 3], { chunkSize: 2 }))
    console.log(`square ${square}`)

  const words = await Array.fromAsync(pool.map((a, b) => `${a}${b}`, zip(['graup', 'hai'], ['el', 'l'])))
  console.log(words.join(' and '))

  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const rows = Array.from({ length: 4 }, (_, row) => Float64Array.from({ length: 1000 }, (_, column) => row + column))
  for await (const value of pool.map(mean, rows)) console.log(`mean ${value}`)
}
await backend.close()
