import { expect, it } from 'vitest'
import { GrowingBuffer } from '../../../client/src/execution/log/growing-buffer.ts'

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

it('gives back what was added, in order', () => {
  const buffer = new GrowingBuffer()
  for (let number = 0; number < 3000; number++) buffer.add(Buffer.from(`${number},`))
  const expected = Array.from({ length: 3000 }, (_, number) => `${number},`).join('')
  expect(buffer.length).toBe(expected.length)
  expect(textOf(buffer.take())).toBe(expected)
  expect(buffer.length).toBe(0)
})

it('keeps what is not taken', () => {
  const buffer = new GrowingBuffer()
  buffer.add(Buffer.from('abcdef'))
  const first = buffer.take(4)
  buffer.add(Buffer.from('gh'))
  expect([textOf(first), textOf(buffer.take())]).toEqual(['abcd', 'efgh'])
})

it('does not change a piece that was taken', () => {
  const buffer = new GrowingBuffer()
  buffer.add(Buffer.from('first'))
  const piece = buffer.take()
  buffer.add(Buffer.from('other'))
  expect(textOf(piece)).toBe('first')
})
