import { expect, test } from 'vitest'
import { partOf } from './layers.ts'
import { readRepository } from './repository.ts'
import {
  emptyWords,
  forbiddenDirections,
  importCycles,
  importsWithoutExtension,
  impureImports,
  longFiles,
  stateWriters,
  strayBarrels,
  undeclaredPackages,
} from './violations.ts'

const { files, imports, entryFiles, declared } = readRepository()

test('every file belongs to a part of the system', () => {
  const homeless = files.filter(({ path }) => partOf(path) === undefined).map(({ path }) => path)
  expect(homeless, 'add its folder to test/architecture/layers.ts, or move the file into a part').toEqual([])
})

test('imports point one way', () => {
  expect(forbiddenDirections(imports)).toEqual([])
})

test('no files import each other in a circle, not even types', () => {
  expect(importCycles(imports)).toEqual([])
})

test('model, kernel and compiler know no platform', () => {
  expect(impureImports(imports)).toEqual([])
})

test('relative imports name the file with its extension', () => {
  expect(importsWithoutExtension(imports)).toEqual([])
})

test('every package that is imported is declared', () => {
  expect(undeclaredPackages(imports, declared)).toEqual([])
})

test('names of files and folders say what they are about', () => {
  expect(emptyWords(files)).toEqual([])
})

test('only entries of packages gather the exports of other files', () => {
  expect(strayBarrels(files, entryFiles)).toEqual([])
})

test('no file is longer than 300 lines', () => {
  expect(longFiles(files)).toEqual([])
})

test('only the kernel decides the state of a job', () => {
  expect(stateWriters(files)).toEqual([])
})
