import { describe, expect, test } from 'vitest'
import { scanImports } from './scan-imports.ts'
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

const entries = new Map([
  ['graupel', 'client/src/index.ts'],
  ['graupel/model', 'client/src/model/index.ts'],
  ['graupel/execution', 'client/src/execution/index.ts'],
])
const scan = (path: string, text: string) => scanImports({ path, text }, entries)

describe('the scanner', () => {
  test('sees imports and exports of values and types, on one line or several, and dynamic ones', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from './b.ts'",
      'import {',
      '  c,',
      "} from '../kernel/c.ts'",
      "export * from './d.ts'",
      "export type { E } from './e.ts'",
      "import 'side-effect'",
      "  const f = await import('node:fs')",
      "type G = import('graupel/model').G",
    ].join('\n')
    expect(scan('client/src/engine/x.ts', text).map(({ specifier, target }) => target ?? specifier)).toEqual([
      'client/src/engine/a.ts',
      'client/src/engine/b.ts',
      'client/src/kernel/c.ts',
      'client/src/engine/d.ts',
      'client/src/engine/e.ts',
      'side-effect',
      'node:fs',
      'client/src/model/index.ts',
    ])
  })

  test('does not see the examples of a comment', () => {
    const text =
      "/**\n * import { Batch } from 'graupel'\n * await import('x')\n */\n// import('y')\nexport const a = 1"
    expect(scan('client/src/dsl/batch.ts', text)).toEqual([])
  })
})

describe('a planted offence is found', () => {
  test('the library imports a deployable', () => {
    const imports = scan('client/src/engine/x.ts', "import { y } from '../../../functions/src/y.ts'")
    expect(forbiddenDirections(imports)[0]).toMatch(
      /^client\/src\/engine\/x.ts imports functions\/src\/y.ts: move what/,
    )
  })

  test('the model imports the kernel', () => {
    expect(forbiddenDirections(scan('client/src/model/x.ts', "import '../kernel/y.ts'"))).toHaveLength(1)
  })

  test('the functions import the worker’s part of the library', () => {
    expect(forbiddenDirections(scan('functions/src/api/x.ts', "import 'graupel/execution'"))).toHaveLength(1)
    expect(forbiddenDirections(scan('worker-vm/src/x.ts', "import 'graupel/execution'"))).toEqual([])
  })

  test('the DSL imports a backend other than the interface', () => {
    expect(forbiddenDirections(scan('client/src/dsl/x.ts', "import '../backends/backend.ts'"))).toEqual([])
    expect(forbiddenDirections(scan('client/src/dsl/x.ts', "import '../backends/local-backend.ts'"))).toHaveLength(1)
  })

  test('two files import each other, one of them types alone', () => {
    const imports = [
      ...scan('client/src/dsl/a.ts', "import { b } from './b.ts'"),
      ...scan('client/src/dsl/b.ts', "import type { A } from './a.ts'"),
    ]
    expect(importCycles(imports)).toEqual([
      expect.stringMatching(/^client\/src\/dsl\/a.ts → client\/src\/dsl\/b.ts → client\/src\/dsl\/a.ts: move/),
    ])
  })

  test('the kernel imports a platform', () => {
    expect(impureImports(scan('client/src/kernel/x.ts', "import { readFile } from 'node:fs'"))).toHaveLength(1)
    expect(impureImports(scan('client/src/model/x.ts', "import { z } from 'zod'"))).toEqual([])
  })

  test('an import leaves the extension out', () => {
    expect(importsWithoutExtension(scan('client/src/dsl/x.ts', "import { y } from './y'"))).toHaveLength(1)
  })

  test('a package is not declared', () => {
    const declared = new Map([['client', new Set(['zod', '@google-cloud/storage'])]])
    const imports = scan(
      'client/src/dsl/x.ts',
      "import 'zod'\nimport '@google-cloud/storage/build'\nimport 'lodash/fp'\nimport 'node:fs'",
    )
    expect(undeclaredPackages(imports, declared)).toEqual([
      'client/src/dsl/x.ts imports lodash: add it to client/package.json with its exact version',
    ])
  })

  test('a name says nothing', () => {
    const paths = ['client/src/utils/x.ts', 'client/src/dsl/types.ts', 'client/src/dsl/batch.ts']
    expect(emptyWords(paths.map((path) => ({ path, text: '' })))).toHaveLength(2)
  })

  test('a folder has a barrel', () => {
    const files = [
      { path: 'client/src/dsl/index.ts', text: '' },
      { path: 'client/src/dsl/all.ts', text: "export * from './a.ts'" },
      { path: 'client/src/model/index.ts', text: "export * from './ids.ts'" },
    ]
    expect(strayBarrels(files, new Set(['client/src/model/index.ts']))).toHaveLength(2)
  })

  test('a file is too long', () => {
    const lines = (count: number) => ({ path: 'client/src/dsl/x.ts', text: 'x\n'.repeat(count) })
    expect(longFiles([lines(300)])).toEqual([])
    expect(longFiles([lines(301)])[0]).toMatch(/has 301 lines/)
  })

  test('a state is written outside the kernel', () => {
    const files = [
      { path: 'client/src/engine/x.ts', text: "const a = 1\nconst record = { states: 'ppp' }\nrecord.states = 'x'" },
      { path: 'functions/src/x.ts', text: "if (record.states === 'S') letterOf('Success')" },
      { path: 'client/src/kernel/x.ts', text: "record.states = letterOf('Ready')" },
    ]
    expect(stateWriters(files).map((line) => line.split(' ', 1)[0])).toEqual([
      'client/src/engine/x.ts:2',
      'client/src/engine/x.ts:3',
      'functions/src/x.ts:1',
    ])
  })
})
