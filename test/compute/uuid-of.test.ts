import { uuidOf } from '@graupel/functions/compute/uuid-of'
import { expect, test } from 'vitest'

test('a UUID follows from its name as RFC 9562 says (A.4)', () => {
  const ofDomains = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
  expect(uuidOf('www.example.com', ofDomains)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
})

test('the same request has the same UUID, and another another', () => {
  expect(uuidOf('graupel-spot-7-0')).toBe(uuidOf('graupel-spot-7-0'))
  expect(uuidOf('graupel-spot-7-0')).not.toBe(uuidOf('graupel-spot-7-1'))
})
