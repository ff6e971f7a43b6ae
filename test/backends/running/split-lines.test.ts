import { expect, it } from 'vitest'
import { splitLines } from '../../../client/src/backends/running/split-lines.ts'

async function* chunksOf(...texts: (string | Uint8Array)[]) {
  for (const text of texts) yield Buffer.from(text)
}

const linesOf = (...texts: (string | Uint8Array)[]) => Array.fromAsync(splitLines(chunksOf(...texts)))

it('lines are whole, wherever they were cut', async () => {
  expect(await linesOf('on', 'e\ntwo\nth', 'r', 'ee\n')).toEqual(['one', 'two', 'three'])
  expect(await linesOf('one\n\n', '\nlast')).toEqual(['one', '', '', 'last'])
  expect(await linesOf()).toEqual([])
})

it('a letter is whole, wherever its bytes were cut', async () => {
  const snow = Buffer.from('🧊ü')
  const cuts = Array.from({ length: snow.length + 1 }, (_, at) => at)
  for (const at of cuts) expect(await linesOf(snow.subarray(0, at), snow.subarray(at))).toEqual(['🧊ü'])
})

it('what is no text is shown as such, and a mark at the beginning is kept', async () => {
  expect(await linesOf(Buffer.from([0xff, 0x0a, 0x00]))).toEqual(['\ufffd', '\0'])
  expect(await linesOf('\ufeffone')).toEqual(['\ufeffone'])
})

it('a line of 100 MB is one line', async () => {
  const piece = 'x'.repeat(10_000_000)
  const lines = await linesOf(...Array.from({ length: 10 }, () => piece), '\nend')
  expect(lines.map((line) => line.length)).toEqual([100_000_000, 3])
})
