import { expect, it } from 'vitest'
import { heapOptions } from '../../../client/src/execution/calls/heap-options.ts'

const gibibytes = (count: number) => count * 2 ** 30

it('lets functions use their job’s memory where Node would not', () => {
  expect(heapOptions(gibibytes(16), {})).toEqual(['--max-old-space-size=16384'])
})

it('leaves what Node does by itself where that is enough', () => {
  expect(heapOptions(gibibytes(4), {})).toEqual([])
  expect(heapOptions(0, {})).toEqual([])
})

it('leaves it to the job that has chosen', () => {
  expect(heapOptions(gibibytes(16), { NODE_OPTIONS: '--max-old-space-size=8192' })).toEqual([])
  expect(heapOptions(gibibytes(16), { NODE_OPTIONS: '--max_old_space_size=8192' })).toEqual([])
  expect(heapOptions(gibibytes(16), { NODE_OPTIONS: '--enable-source-maps' })).not.toEqual([])
})
