import { BatchPoolExecutor, InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'

test.each([
  [{ cpusPerJob: 0 }, /The executor .*0/],
  [{ cpusPerJob: 'many' }, /The executor .*'many'/],
  [{ name: 'two\nlines' }, /name/],
  [{ name: 'p', image: '' }, /Executor 'p' .*image/],
])('an executor with %j is refused', (options, message) => {
  expect(() => new BatchPoolExecutor(options)).toThrow(InvalidBatchError)
  expect(() => new BatchPoolExecutor(options)).toThrow(message)
})
