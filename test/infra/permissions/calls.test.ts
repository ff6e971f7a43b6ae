import { expect, test } from 'vitest'
import { requestsInCode } from './calls.ts'
import { needs } from './needs.ts'

test('every call that needs a permission is in the table, and every row of the table is a call', () => {
  const rows = needs.flatMap((need) => ('file' in need ? [`${need.file}: ${need.call}`] : []))
  expect(requestsInCode()).toEqual([...new Set(rows)].sort())
})
