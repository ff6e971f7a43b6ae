import { CRC32C } from '@google-cloud/storage'
import fc from 'fast-check'
import { Crc32c, crc32cOf } from 'graupel/storage'
import { expect, test } from 'vitest'

test('checksums are those of the standard’s examples', () => {
  expect(crc32cOf(Buffer.from(''))).toBe('AAAAAA==')
  expect(crc32cOf(Buffer.from('123456789'))).toBe('4waSgw==')
  expect(crc32cOf(new Uint8Array(32))).toBe('ipE2qg==')
})

test('checksums are those of the client library, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (pieces) => {
      const checksum = new Crc32c()
      const theirs = new CRC32C()
      for (const piece of pieces) {
        checksum.update(piece)
        theirs.update(Buffer.from(piece))
      }
      expect(checksum.toBase64()).toBe(theirs.toString())
      expect(checksum.toBase64()).toBe(crc32cOf(Buffer.concat(pieces)))
    }),
  )
})
