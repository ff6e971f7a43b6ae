import { BatchPoolExecutor, InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { RecordingBackend } from '../dsl/recording-backend.ts'

test.each([
  [{ cpusPerJob: 0 }, /The executor .*0/],
  [{ cpusPerJob: 'many' }, /The executor .*'many'/],
  [{ name: 'two\nlines' }, /name/],
  [{ name: 'p', image: '' }, /Executor 'p' .*image/],
])('an executor with %j is refused', (options, message) => {
  expect(() => new BatchPoolExecutor(options)).toThrow(InvalidBatchError)
  expect(() => new BatchPoolExecutor(options)).toThrow(message)
})

test('a submission that is refused fails its calls, and later ones are submitted', async () => {
  const backend = new RecordingBackend()
  backend.failure = new InvalidBatchError({ message: 'not today' })
  await using pool = new BatchPoolExecutor({ backend, waitOnExit: false })
  await expect(pool.submit((x: number) => x, 1)).rejects.toThrow('not today')
  expect(backend.submissions.map(({ spec }) => spec.jobs.length)).toEqual([1])
})

test.each([-1, 'soon', '1 s'])('a map with the timeout %j is refused', (timeout) => {
  const pool = new BatchPoolExecutor({ backend: new RecordingBackend() })
  // The compiler refuses these too.
  const options = { timeout } as { timeout: number }
  expect(() => pool.map((x: number) => x, [], options)).toThrow(`map has the timeout ${JSON.stringify(timeout)}`)
})
