import fc from 'fast-check'
import { addToRanges, inRanges, isInRanges, type Ranges, toRanges } from 'graupel/model'
import { expect, test } from 'vitest'

test('numbers are added where they belong, and neighbours are joined', () => {
  expect(addToRanges([], 3, 2)).toEqual([[3, 4]])
  expect(addToRanges([[3, 4]], 5, 1)).toEqual([[3, 5]])
  expect(addToRanges([[3, 4], 8], 5, 3)).toEqual([[3, 8]])
  expect(addToRanges([8], 1, 1)).toEqual([1, 8])
  expect(addToRanges([8], 9, 0)).toEqual([8])
})

test('ranges that were added to hold the same numbers as ranges of all of them, in any order', () => {
  const order = fc.uniqueArray(fc.nat(30), { minLength: 1 })
  fc.assert(
    fc.property(order, (numbers) => {
      const added = numbers.reduce<Ranges>((ranges, number) => addToRanges(ranges, number, 1), [])
      expect(added).toEqual(toRanges([...numbers].sort((left, right) => left - right)))
      expect([...inRanges(added)].every((number) => isInRanges(added, number))).toBe(true)
      expect(isInRanges(added, 31)).toBe(false)
    }),
  )
})
