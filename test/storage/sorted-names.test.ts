import fc from 'fast-check'
import { compareUtf8, SortedNames } from 'graupel/storage'
import { expect, test } from 'vitest'

const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\ue000', '\uffff', '🌨', '퟿'), maxLength: 5 })

test('texts compare as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})

test('names stay sorted and unique whatever is added and deleted', () => {
  fc.assert(
    fc.property(fc.array(name), fc.array(fc.tuple(fc.boolean(), name)), name, (initial, changes, prefix) => {
      const expected = new Set(initial)
      const names = new SortedNames(expected)
      for (const [isAdded, changed] of changes) {
        names[isAdded ? 'add' : 'delete'](changed)
        expected[isAdded ? 'add' : 'delete'](changed)
      }
      const sorted = [...expected].sort(compareUtf8)
      const walked: string[] = []
      for (let next = names.notBefore(''); next !== undefined; next = names.after(next)) walked.push(next)
      expect(walked).toEqual(sorted)
      const notBefore = sorted.filter((one) => compareUtf8(one, prefix) >= 0)
      expect(names.notBefore(prefix)).toBe(notBefore[0])
      expect(names.afterPrefix(prefix)).toBe(notBefore.find((one) => !one.startsWith(prefix)))
    }),
  )
})
