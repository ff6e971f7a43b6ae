import { describe, expect, test } from 'vitest'
import { problemOfArguments, showSignature } from '../../../client/src/dsl/python/check-signature.ts'
import { describeSource } from '../../../client/src/dsl/python/describe-source.ts'
import type { Signature } from '../../../client/src/dsl/python/source-facts.ts'
import { pythonMissing } from '../../suites/python-jobs.ts'

const patient = { program: 'python3', timeoutMs: 60_000 }

describe.skipIf(pythonMissing())('seen by an interpreter', () => {
  const describeNow = (source: string) => describeSource(source, patient)

  function signatureOf(definition: string): Signature {
    const facts = describeNow(`def f${definition.replaceAll('…', '0')}: pass`)
    const signature = facts.kind === 'parsed' ? facts.signatures.f : undefined
    if (signature === undefined) throw new Error(`no signature: ${JSON.stringify(facts)}`)
    return signature
  }

  test.each(['()', '(a, b=…)', '(a, b, /, c, d=…, *, e, f=…)', '(*args, a, **kwargs)', '(a, /, *rest)'])(
    'the signature %s is read as it is',
    (signature) => {
      expect(showSignature(signatureOf(signature))).toBe(signature)
    },
  )

  test.each([
    ['(a, b=1)', 1, [], undefined],
    ['(a, b=1)', 0, ['b', 'a'], undefined],
    ['(a, b=1)', 0, [], "without 'a'; pass it."],
    ['(a, b)', 0, [], "without 'a', 'b'; pass them."],
    ['(a, b=1)', 3, [], 'with 3 arguments by position, of which it takes 2; leave some out, or use kwargs({ … }).'],
    ['()', 1, [], 'with 1 arguments by position, of which it takes none; leave some out, or use kwargs({ … }).'],
    ['(a, *rest)', 3, [], undefined],
    ['(a, b=1)', 1, ['a'], "with 'a' by position and by keyword; pass it once."],
    ['(count)', 0, ['cuont'], "with the keyword 'cuont', which it does not have; did you mean 'count'?"],
    ['()', 0, ['x'], "with the keyword 'x', which it does not have; there are none."],
    ['(**rest)', 0, ['x'], undefined],
    ['(a, /)', 0, ['a'], "with 'a' by keyword, which it takes by position only; pass it before kwargs."],
    ['(a, /, **rest)', 1, ['a'], undefined],
    ['(*, a, b=1)', 0, ['a'], undefined],
    ['(*, a, b=1)', 0, ['b'], "without 'a'; pass it."],
  ] as const)('called as f%s, %i arguments and the keywords %j: %s', (signature, positional, keywords, problem) => {
    expect(problemOfArguments(signatureOf(signature), { positional, keywords })).toBe(problem)
  })

  test('what decides only when it runs is not judged', () => {
    const facts = describeNow(
      [
        'from os.path import *',
        'import json',
        'def twice(a): pass',
        'twice = 1',
        '@json.loads',
        'def decorated(a): pass',
        'if True:',
        '    def inner(a): pass',
        'for item in (name := [local for local in ()]): pass',
        'class A:',
        '    def method(self): pass',
      ].join('\n'),
    )
    expect(facts).toMatchObject({ kind: 'parsed', functions: ['twice', 'decorated'], isOpen: true })
    if (facts.kind !== 'parsed') throw new Error(facts.kind)
    expect(Object.keys(facts.signatures)).toEqual(['inner'])
    expect(facts.names).toEqual(['*', 'A', 'decorated', 'inner', 'item', 'json', 'name', 'twice'])
  })

  test('a source that cannot be read is told with its line', () => {
    expect(describeNow('x = 1\ndef f(:\n')).toMatchObject({ kind: 'syntaxError', line: 2, text: 'def f(:' })
    expect(describeNow('return 1\n')).toMatchObject({ kind: 'syntaxError', line: 1 })
  })

  test('nothing of the source is run', () => {
    expect(describeNow('import sys\nsys.exit(3)\ndef f(): pass\n').kind).toBe('parsed')
  })

  test('an interpreter that takes too long is not waited for', () => {
    expect(describeSource('', { ...patient, timeoutMs: 1 })).toEqual({ kind: 'unknown' })
  })
})

test('without an interpreter nothing is known', () => {
  expect(describeSource('', { program: '/no/such/python3', timeoutMs: 1000 })).toEqual({ kind: 'unknown' })
  expect(describeSource('', { program: '/bin/true', timeoutMs: 60_000 })).toEqual({ kind: 'unknown' })
})
