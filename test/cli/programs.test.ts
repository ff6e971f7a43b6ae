import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { programPath } from '../../client/src/cli/programs.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'graupel-programs-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const touch = (path: string): string => {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  return file
}
const url = (path: string): string => pathToFileURL(join(root, path)).href

test('in the repository a program is its source', () => {
  const emulator = touch('functions/src/emulator/main.ts')
  const worker = touch('worker-vm/src/main.ts')
  expect(programPath('emulator', url('client/src/cli/programs.ts'))).toBe(emulator)
  expect(programPath('worker', url('client/src/cli/programs.ts'))).toBe(worker)
})

test('in the package a program is a bundle, whatever lies beside the package', () => {
  touch('node_modules/worker-vm/src/main.ts')
  const worker = touch('node_modules/graupel/dist/programs/worker.js')
  expect(programPath('worker', url('node_modules/graupel/dist/cli/programs.js'))).toBe(worker)
})

test('a program that is not there is named, with its place and what to do', () => {
  expect(() => programPath('emulator', url('graupel/dist/cli/programs.js'))).toThrow(
    `the program 'emulator' is not at ${join(root, 'graupel/dist/programs/emulator.js')}: install graupel again`,
  )
  expect(() => programPath('worker', url('client/src/cli/programs.ts'))).toThrow(/repository is not complete/)
})
