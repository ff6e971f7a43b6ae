import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { Batch } from 'graupel'
import { renderScript } from 'graupel/model'
import { expect, test } from 'vitest'
import { type Context, contexts } from './quoting-contexts.ts'
import { runShell } from './run-shell.ts'
import { scriptOf } from './script-of.ts'

const special = fc.string({
  unit: fc.constantFrom(...`'"$\`\\!*?[]{}()<>|&;#~=%^-@:/,.0aéß語🙂 \t\n`, '\r', '$(', '${', '\\\n', "$'", "'\\''"),
  maxLength: 12,
})
const printable = fc.string({ unit: 'grapheme', maxLength: 20 })
const values = fc.oneof({ weight: 3, arbitrary: special }, { weight: 1, arbitrary: printable })

const shells = [
  { shell: '/bin/bash', knows: () => true },
  { shell: '/bin/dash', knows: (context: Context) => context.isBashOnly !== true },
]

/** One script for many values and places: starting a shell takes longer than all of them. */
async function printAll(shell: string, places: readonly Context[], texts: readonly string[]) {
  const job = new Batch().newJob()
  const cases = texts.flatMap((text) => places.map((place) => ({ text, place })))
  for (const { text, place } of cases) place.write(job, text)
  const { output, errors } = await runShell(shell, scriptOf(job))
  const printed = output.split('\0').slice(0, -1)
  return { cases, printed, errors }
}

for (const { shell, knows } of shells) {
  const places = contexts.filter(knows)
  const isThere = existsSync(shell)
  test.skipIf(!isThere)(
    `${shell} gets every value exactly as it is${isThere ? '' : ' (skipped: no such shell here)'}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(values, { minLength: 20, maxLength: 40 }), async (texts) => {
          const { cases, printed, errors } = await printAll(shell, places, texts)
          const wrong = cases.find(({ text, place }, index) => printed[index] !== (place.expected?.(text) ?? text))
          expect(wrong && { ...wrong, printed: printed[cases.indexOf(wrong)], errors }).toBeUndefined()
          expect(printed.length).toBe(cases.length)
        }),
        { numRuns: 8 },
      )
    },
  )
}

test('bash gets every path exactly as it is, in whatever quotes the file stands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(values, { minLength: 20, maxLength: 40 }), async (texts) => {
      const batch = new Batch()
      const job = batch.newJob({ name: 'x' })
      const file = batch.readInput('/in')
      for (const place of contexts) place.write(job, file)
      const roots = texts.map((text) => `/${text}`)
      const { output, errors } = await runShell('/bin/bash', roots.map((root) => scriptOf(job, root)).join('\n'))
      const printed = output.split('\0').slice(0, -1)
      const expected = roots.flatMap((root) =>
        contexts.map((place) => place.expected?.(`${root}/inputs/1/in`) ?? `${root}/inputs/1/in`),
      )
      expect({ printed, errors }).toEqual({ printed: expected, errors: '' })
    }),
    { numRuns: 8 },
  )
})

test('a script of pieces without files is its text', () => {
  expect(renderScript(['a ', 'b'], (path) => path)).toBe('a b')
})
