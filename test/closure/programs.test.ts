import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { elsewhere, ProgramFolder } from './program-folder.ts'

let folder: ProgramFolder
beforeAll(() => {
  folder = new ProgramFolder()
})
afterAll(() => folder.remove())

const head = `import { captureCall, resultOf, runElsewhere } from '${elsewhere}'
const run = (...calls) => runElsewhere(calls.map(([fn, ...args]) => captureCall(fn, args))).map(resultOf)
const stackOf = (fn) => runElsewhere([captureCall(fn)])[0].stack
const refusal = (fn) => { try { captureCall(fn); return 'not refused' } catch (error) { return error.message } }
const print = (value) => console.log(JSON.stringify(value))
`

test('a program in TypeScript takes packages and its own modules along', () => {
  folder.write({
    'typescript/main.ts': `${head}
import { basename } from 'node:path'
import * as path from 'node:path'
import { z } from 'zod'
import { Point, options, shift } from './point.ts'
import * as points from './point.ts'
import { describe, scheme } from './scheme.ts'

options.by = 10
interface Named { readonly name: string }
const parse = (text: string): number => z.coerce.number().parse(text)
const named = <T extends Named>(value: T): string => value.name
print(run(
  [parse, '5'],
  [named, { name: 'a' }],
  [(point: Point) => [shift(point).x, point instanceof Point, shift(point) instanceof Point], new Point(1)],
  [() => [points.shift(new Point(1)).x, points.options.by]],
  [() => [describe(5), scheme.safeParse('x').success]],
  [() => basename(path.join('a', 'b'))],
  [async () => (await import('./point.ts')).limit],
  [async () => (await import('node:path')).basename('/x/y')],
))`,
    'typescript/point.ts': `export class Point { readonly x: number; constructor(x: number) { this.x = x } }
export const options = { by: 1 }
export const limit = 7
export function shift(point: Point): Point { return new Point(point.x + options.by) }`,
    'typescript/scheme.ts': `import { z } from 'zod'
export const scheme = z.number()
export const describe = (value: unknown): string => String(scheme.parse(value))`,
  })
  expect(folder.run('typescript/main.ts')).toEqual([5, 'a', [11, true, true], [11, 10], ['5', false], 'b', 7, 'y'])
})

test('a program in CommonJS takes its requires along', () => {
  folder.write({
    'node_modules/legacy/package.json': '{ "name": "legacy", "main": "index.js" }',
    'node_modules/legacy/index.js': `const fs = require('fs')
let count = 0
exports.count = () => ++count
exports.hasFile = () => typeof fs.readFileSync === 'function'
exports.Base = class Base { #secret = 3; get secret() { return this.#secret } }`,
    'commonjs/main.cjs': `'use strict'
const { captureCall, resultOf, runElsewhere } = require('${elsewhere}')
const { join } = require('node:path')
const legacy = require('legacy')
const { hasFile, Base } = require('legacy')
const own = require('./own.cjs')
class Child extends Base { get twice() { return 2 * this.secret } }
function total(list) { var sum = 0; for (var i = 0; i < list.length; i++) sum += list[i]; return sum }
const calls = [
  [total, [1, 2, 3]],
  [() => join('a', 'b')],
  [() => legacy.count()],
  [() => hasFile()],
  [() => new Child().twice],
  [() => own.double(4)],
  [() => [require('legacy').hasFile(), require('fs') === process.getBuiltinModule('fs')]],
  [() => __filename],
]
console.log(JSON.stringify(runElsewhere(calls.map(([fn, ...args]) => captureCall(fn, args))).map(resultOf)))`,
    'commonjs/own.cjs': `const factor = 2
exports.double = (x) => factor * x`,
  })
  const filename = join(folder.path, 'commonjs/main.cjs')
  expect(folder.run('commonjs/main.cjs')).toEqual([6, 'a/b', 1, true, 6, 8, [true, true], filename])
})

test('a sloppy function is kept where strictness cannot matter, and refused where it could', () => {
  folder.write({
    'sloppy/main.cjs': `const { captureCall } = require('${elsewhere}')
const refusal = (fn) => { try { captureCall(fn); return 'not refused' } catch (error) { return error.message } }
console.log(JSON.stringify([
  function (x) { return x + 1 },
  function () { return this },
  function (a) { arguments[0] = 2; return a },
  function () { return 010 },
  function () { if (true) { function inner() {} } return inner },
  (x) => { 'use strict'; return x },
  () => module.exports,
].map(refusal)))`,
  })
  const sloppy = (what: string): string =>
    `The function cannot be taken into a job: \`${what}\` means something else in strict mode, and the function is not strict; write 'use strict' at the top of its file, or make it a module.`
  expect(folder.run('sloppy/main.cjs')).toEqual([
    'not refused',
    sloppy('this'),
    sloppy('arguments'),
    sloppy('syntax that strict mode does not have'),
    sloppy('function inner inside a block'),
    'not refused',
    'The function cannot be taken into a job: `module` is declared where no text shows it; pass it as an argument.',
  ])
})

test.each([
  ['inline', 'esm'],
  ['linked', 'esm'],
  ['linked', 'cjs'],
] as const)(
  'a bundled program with a source map (%s, %s) shows errors where the user wrote them',
  (sourcemap, format) => {
    const name = `bundled-${sourcemap}-${format}`
    folder.write({
      [`${name}/main.ts`]: `import { captureCall, resultOf, runElsewhere } from '${elsewhere}'
import { check, type Level } from './check'
enum Mode { Fast = 1 }
const level: Level = 3
class Runner { static made = 0; readonly mode: Mode; constructor(mode: Mode) { this.mode = mode } run() { return this.mode + level } }

const fail = () => check(level)
const [ok, failed] = runElsewhere([captureCall(() => new Runner(Mode.Fast).run()), captureCall(fail)])
console.log(JSON.stringify([resultOf(ok), failed?.kind === 'error' ? failed.stack.split('\\n').slice(0, 3) : '']))`,
      [`${name}/check.ts`]: `export type Level = number

export function check(level: Level): void {
  if (level > 1)
    throw new RangeError('too high')
}`,
    })
    buildSync({
      entryPoints: [join(folder.path, name, 'main.ts')],
      outfile: join(folder.path, name, `dist/main.${format === 'esm' ? 'mjs' : 'cjs'}`),
      bundle: true,
      platform: 'node',
      format,
      sourcemap,
      external: [elsewhere],
      logLevel: 'silent',
    })
    expect(folder.run(`${name}/dist/main.${format === 'esm' ? 'mjs' : 'cjs'}`)).toEqual([
      4,
      [
        'RangeError: too high',
        `    at check (${join(folder.path, name, 'check.ts')}:5:11)`,
        `    at fail (${join(folder.path, name, 'main.ts')}:7:20)`,
      ],
    ])
  },
)

test('an error in a bundled job shows the files of the program', () => {
  folder.write({
    'mapped/main.ts': `${head}
import { z } from 'zod'
import { check } from './check.ts'
const fail = (x: unknown): string => check(z.string().parse(x))
print(stackOf(() => fail('abc')).split('\\n').slice(0, 3))`,
    'mapped/check.ts': `import { z } from 'zod'
const scheme = z.string().max(2)
export const check = (x: string): string => {
  if (!scheme.safeParse(x).success) throw new RangeError('too long')
  return x
}`,
  })
  const [message, first, second] = folder.run('mapped/main.ts') as string[]
  expect([message, first]).toEqual([
    'RangeError: too long',
    `    at check (${join(folder.path, 'mapped/check.ts')}:4:43)`,
  ])
  expect(second).toContain(`at fail (${join(folder.path, 'mapped/main.ts')}:9:`)
})

test('what cannot be bundled is refused by name', () => {
  folder.write({
    'node_modules/native/package.json': '{ "name": "native", "type": "module", "exports": "./index.js" }',
    'node_modules/native/index.js': `import addon from './addon.node'
export const sum = () => addon.sum()`,
    'node_modules/native/addon.node': 'binary',
    'refused/main.ts': `${head}
import { createRequire } from 'node:module'
const { sum } = { sum: 0 }
import { leadsBack } from './leads-back.ts'
export const start = 1
const late = async () => (await import('native')).sum()
print([refusal(() => leadsBack), refusal(late)])`,
    'refused/leads-back.ts': `import { start } from './main.ts'
const mark = Symbol('mark')
export const leadsBack = { mark, get start() { return start } }`,
  })
  const [leadsBack, native] = folder.run('refused/main.ts') as string[]
  expect(leadsBack).toBe(
    "The function cannot be taken into a job: `leadsBack` is imported from './leads-back.ts', which imports the program itself, which would run again in the job; move what the function needs into a module without that, or pass it as an argument.",
  )
  expect(native).toMatch(
    /^The function cannot be taken into a job: `import\(\)` cannot be bundled: No loader is configured for "\.node" files/,
  )
})

test('a module that cannot be copied runs anew in the job', () => {
  folder.write({
    'anew/main.ts': `${head}
import { next } from './counter.ts'
next()
print(run([() => [next(), next()]]))`,
    'anew/counter.ts': `let count = 0
export const next = (): number => ++count`,
  })
  expect(folder.run('anew/main.ts')).toEqual([[1, 2]])
})

test('imported constants are taken as they are at each capture', () => {
  folder.write({
    'live/main.ts': `${head}
import { level, raise } from './level.ts'
const read = () => level
const before = captureCall(read)
raise()
print([before, captureCall(read)].map((call) => resultOf(runElsewhere([call])[0])))`,
    'live/level.ts': `export let level = 1
export const raise = (): void => { level++ }`,
  })
  expect(folder.run('live/main.ts')).toEqual([1, 2])
})
