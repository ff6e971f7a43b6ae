import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pythonFunction } from 'graupel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sourceOfFunction } from '../../../client/src/dsl/python/python-function.ts'
import { mentionsWord } from '../../../client/src/dsl/python/scan-source.ts'
import { pythonMissing } from '../../suites/python-jobs.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'graupel python '))
  writeFileSync(join(folder, 'stats.py'), source)
})
afterAll(() => rmSync(folder, { recursive: true }))

const source = 'from math import fsum as total\n\ndef mean(xs):\n    return total(xs) / len(xs)\n'

test('a function is known by its file: relative to the current directory, or by a URL', () => {
  const path = join(folder, 'stats.py')
  const written = relative(process.cwd(), path)
  expect(sourceOfFunction(pythonFunction(written, 'mean'))).toMatchObject({ name: 'mean', file: written, text: source })
  expect(sourceOfFunction(pythonFunction(pathToFileURL(path), 'mean'))).toMatchObject({ file: path, text: source })
})

test('whatever the file binds at its top level may be called', () => {
  expect(sourceOfFunction(pythonFunction(join(folder, 'stats.py'), 'total')).name).toBe('total')
})

test('the file is read at once', () => {
  const path = join(folder, 'later.py')
  writeFileSync(path, 'def f(): return 1\n')
  const fn = pythonFunction(path, 'f')
  writeFileSync(path, 'def g(): return 2\n')
  expect(sourceOfFunction(fn).text).toBe('def f(): return 1\n')
})

test('a file that is not there, in the cloud, or no text is refused', () => {
  expect(() => pythonFunction(join(folder, 'none.py'), 'f')).toThrow(
    `pythonFunction: the file '${folder}/none.py' cannot be read (ENOENT); check its name and permissions.`,
  )
  expect(() => pythonFunction('gs://bucket/f.py', 'f')).toThrow(
    "pythonFunction: 'gs://bucket/f.py' is in the cloud; functions come from files of this machine.",
  )
  writeFileSync(join(folder, 'latin.py'), Buffer.from([0x23, 0xe4, 0x0a]))
  expect(() => pythonFunction(join(folder, 'latin.py'), 'f')).toThrow(/latin.py' is not UTF-8 text; save it as that\.$/)
  expect(() => pythonFunction('', 'f')).toThrow(/^pythonFunction: the path '' is empty/)
})

test.skipIf(pythonMissing())('a name that the file does not define is refused', () => {
  expect(() => pythonFunction(join(folder, 'stats.py'), 'meen')).toThrow(
    /^pythonFunction: the file '.*stats.py' does not define 'meen' at its top level; did you mean 'mean'\?$/,
  )
})

test('without an interpreter, a word that is nowhere in the file is no function of it', () => {
  expect(mentionsWord(source, 'mean')).toBe(true)
  expect(mentionsWord(source, 'mea')).toBe(false)
  expect(mentionsWord('from stats import *\n', 'anything')).toBe(true)
})
