import { InvalidBatchError, python } from 'graupel'
import { expect, test } from 'vitest'
import { dedent } from '../../../client/src/dsl/python/dedent.ts'
import { sourceOfFunction } from '../../../client/src/dsl/python/python-function.ts'
import { writePythonLiteral } from '../../../client/src/dsl/python/python-literal.ts'
import { scanFunctions } from '../../../client/src/dsl/python/scan-source.ts'

test('a template loses the white space that all its lines begin with, and keeps its line numbers', () => {
  const fn = python`

    def twice(x):

        return x * 2
  `
  expect(sourceOfFunction(fn)).toMatchObject({
    name: 'twice',
    file: '<python twice>',
    text: '\n\ndef twice(x):\n\n    return x * 2\n',
  })
})

test.each([
  ['a\n  b', 'a\n  b'],
  ['  a\n   b\n', 'a\n b\n'],
  ['\ta\n\t\tb', 'a\n\tb'],
  ['\ta\n  b', '\ta\n  b'],
  ['\n \n  a\n', '\n\na\n'],
  ['', ''],
])('dedented, %j is %j', (text, expected) => {
  expect(dedent(text)).toBe(expected)
})

test('the text is taken as it is written, but for the two escapes that a template needs', () => {
  const fn = python`def f(): return '\n\t\\' + '\`\${x}' + r'\d'`
  expect(sourceOfFunction(fn).text).toBe(String.raw`def f(): return '\n\t\\' + '${'`'}$${'{'}x}' + r'\d'`)
})

test.each([
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [0, '0'],
  [-2, '(-2)'],
  [2 ** 67, '147573952589676412928'],
  [0.1, '0.1'],
  [-1e-7, '(-1e-7)'],
  [-0, '(-0.0)'],
  [Number.NaN, "float('nan')"],
  [Number.POSITIVE_INFINITY, "float('inf')"],
  [Number.NEGATIVE_INFINITY, "(-float('inf'))"],
  [-5n, '(-5)'],
  [2n ** 20_000n, `0x${(2n ** 20_000n).toString(16)}`],
  [`it's "ü"\n\\ \0 \u2028 \ud800 🌨`, `"it's \\"ü\\"\\n\\\\ \\u0000 \u2028 \\ud800 🌨"`],
  [undefined, undefined],
  [{}, undefined],
] as const)('a value becomes a literal, number %#', (value, literal) => {
  expect(writePythonLiteral(value)).toBe(literal)
})

test('a value stands in the template as a literal', () => {
  expect(sourceOfFunction(python`def f(): return [${"it's"}, ${-1}, ${null}]`).text).toBe(
    `def f(): return ["it's", (-1), None]`,
  )
})

test('the last function of the top level is the one to call, whatever texts and comments say', () => {
  const source = [
    'def first(): pass',
    'class A:',
    '    def method(self): pass',
    "text = '''",
    'def not_this(): pass',
    "'''",
    'def outer(x="#"):  # def comment(): pass',
    '    def inner(): pass',
    'async  def  größe(): "def a(): pass"',
    'x = "\\',
    'def nor_this(): pass"',
  ].join('\n')
  expect(scanFunctions(source)).toEqual(['first', 'outer', 'größe'])
})

test.each([
  [() => python`x = 1`, 'A python template defines no function at its top level; write def name(…): ….'],
  [
    // @ts-expect-error only values have literals
    () => python`def f(): return ${undefined}`,
    'A python template has undefined as value 1; write null, a boolean, a number or a text there, and pass everything else as an argument of call.',
  ],
  [
    // @ts-expect-error only values have literals
    () => python`def f(): return ${1}, ${[1]}`,
    'A python template has an object (Array) as value 2; write null, a boolean, a number or a text there, and pass everything else as an argument of call.',
  ],
  [
    () => python(Object.assign(['\ud800'], { raw: ['def f(): return "\ud800"'] })),
    'A python template holds half a character (a lone surrogate); repair the text.',
  ],
])('a template is refused that cannot be one, number %#', (write, message) => {
  expect(write).toThrow(new InvalidBatchError({ message }))
})
