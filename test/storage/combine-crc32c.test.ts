import { randomBytes } from 'node:crypto'
import { crc32cOf } from 'graupel/storage'
import { expect, test } from 'vitest'
import { combineCrc32c } from '../../client/src/storage/combine-crc32c.ts'

const partOf = (bytes: Uint8Array) => ({ sizeBytes: bytes.length, crc32c: crc32cOf(bytes) })

test('the checksums of parts give that of the whole', () => {
  for (let round = 0; round < 50; round++) {
    const parts = Array.from({ length: round % 6 }, (_, index) => randomBytes((round * 37 * (index + 1)) % 1000))
    expect(combineCrc32c(parts.map(partOf))).toBe(crc32cOf(Buffer.concat(parts)))
  }
})

test('parts of more bytes than a 32-bit number counts are combined in no time', () => {
  const zeros = {
    sizeBytes: 5 * 2 ** 32,
    crc32c: combineCrc32c(Array(5 * 2 ** 12).fill(partOf(Buffer.alloc(2 ** 20)))),
  }
  const tail = partOf(Buffer.from('tail'))
  const one = partOf(Buffer.alloc(2 ** 20))
  const inPieces = combineCrc32c([...Array<typeof one>(5 * 2 ** 12).fill(one), tail])
  expect(combineCrc32c([zeros, tail])).toBe(inPieces)
})

test('no part at all is nothing', () => {
  expect(combineCrc32c([])).toBe(crc32cOf(new Uint8Array()))
})
