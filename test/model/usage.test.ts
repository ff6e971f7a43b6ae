import { peakOf } from 'graupel/model'
import { expect, it } from 'vitest'

it('a peak is the most of each, whenever it was', () => {
  const samples = [
    { cpu: 1, memoryBytes: 2, storageBytes: 9 },
    { cpu: 3, memoryBytes: 1, storageBytes: 4 },
  ]
  expect(peakOf(samples)).toEqual({ cpu: 3, memoryBytes: 2, storageBytes: 9 })
  expect(peakOf([])).toBeUndefined()
})
