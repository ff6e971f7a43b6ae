import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { Batch, type PythonArg, type PythonLiteral, python } from 'graupel'
import { expect, test } from 'vitest'
import { pythonCallsOf } from '../../../client/src/dsl/python/python-job.ts'
import { writePythonLiteral } from '../../../client/src/dsl/python/python-literal.ts'
import { pythonMissing } from '../../suites/python-jobs.ts'

const f = python`def f(*args): return args`
const runner = fileURLToPath(new URL('../../../client/src/execution/calls/python-runner.py', import.meta.url))

/** Says of each value what it is to Python: its type, and its content without any rounding or escaping. */
const script = `
import json, runpy, struct, sys

def describe(value):
    kind = type(value).__name__
    if value is None or isinstance(value, bool):
        return [kind, str(value)]
    if isinstance(value, int):
        return [kind, hex(value)]
    if isinstance(value, float):
        return [kind, 'nan' if value != value else struct.pack('>d', value).hex()]
    if isinstance(value, str):
        return [kind, [ord(character) for character in value]]
    if isinstance(value, bytes):
        return [kind, value.hex()]
    if isinstance(value, (list, tuple)):
        return [kind, [describe(item) for item in value]]
    return [kind, [[describe(key), describe(item)] for key, item in value.items()]]

decode = runpy.run_path(sys.argv[1], run_name='runner')['decode_arguments']
for line in sys.stdin:
    kind, text = json.loads(line)
    print(json.dumps(describe(decode(text, [])[0][0] if kind == 'arguments' else eval(text))))
`

type Described = [kind: string, content: unknown]

function describeForPython(value: PythonArg): Described {
  if (value === null) return ['NoneType', 'None']
  if (typeof value === 'boolean') return ['bool', value ? 'True' : 'False']
  if (typeof value === 'bigint')
    return ['int', `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}`]
  if (typeof value === 'number') return describeNumber(value)
  if (typeof value === 'string') return ['str', Array.from(value, (character) => character.codePointAt(0))]
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')]
  if (Array.isArray(value)) return ['list', value.map(describeForPython)]
  return ['dict', Object.entries(value).map(([key, item]) => [describeForPython(key), describeForPython(item)])]
}

function describeNumber(value: number): Described {
  if (Number.isInteger(value) && !Object.is(value, -0)) return describeForPython(BigInt(value))
  if (Number.isNaN(value)) return ['float', 'nan']
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return ['float', bytes.toString('hex')]
}

/** Many at once: a process each would take too long. */
function askPython(cases: readonly (readonly [kind: 'arguments' | 'literal', text: string])[]): unknown[] {
  const input = cases.map((item) => `${JSON.stringify(item)}\n`).join('')
  const words = ['-X', 'utf8', '-c', script, runner]
  const { stdout, stderr, status } = spawnSync('python3', words, { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
  expect(status, stderr).toBe(0)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud800'))
const literal: fc.Arbitrary<PythonLiteral> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.constantFrom(-0, 2 ** 53, -(2 ** 1023), 5e-324, 7n ** 6000n),
  text,
)
const key = fc.oneof(text, fc.constantFrom('$int', '$file', '$dict', '__proto__', '0', ''))
const { argument } = fc.letrec<{ argument: PythonArg }>((tie) => ({
  argument: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    literal,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('argument'), { maxLength: 5 }),
    fc.dictionary(key, tie('argument'), { maxKeys: 5 }),
  ),
}))

const sizes = { numRuns: 20 }

test.skipIf(pythonMissing())('every argument is in Python what it is here', () => {
  fc.assert(
    fc.property(fc.array(argument, { minLength: 100, maxLength: 100 }), (values) => {
      const job = new Batch().newPythonJob()
      for (const value of values) job.call(f, value)
      const answers = askPython(pythonCallsOf(job).map((call) => ['arguments', call.arguments]))
      expect(answers).toEqual(JSON.parse(JSON.stringify(values.map(describeForPython))))
    }),
    sizes,
  )
})

test.skipIf(pythonMissing())('every literal of a template is in Python what it is here', () => {
  fc.assert(
    fc.property(fc.array(literal, { minLength: 100, maxLength: 100 }), (values) => {
      const answers = askPython(values.map((value) => ['literal', writePythonLiteral(value) ?? 'no literal']))
      expect(answers).toEqual(JSON.parse(JSON.stringify(values.map(describeForPython))))
    }),
    sizes,
  )
})
