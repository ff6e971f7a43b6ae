import { inspect } from 'node:util'
import { Batch, InvalidBatchError, kwargs, type PythonArg, type PythonJob, python } from 'graupel'
import { expect, test } from 'vitest'
import { pythonCallsOf } from '../../../client/src/dsl/python/python-job.ts'
import { pythonMissing } from '../../suites/python-jobs.ts'
import { RecordingBackend } from '../recording-backend.ts'

const f = python`def f(*args, **kwargs): return args`
const newJob = () => new Batch({ name: 'b' }).newPythonJob({ name: 'x', outputs: ['o'] })

/** As a program without types could call it. */
const callAnyway = (job: PythonJob, fn: unknown, ...args: unknown[]): unknown =>
  Reflect.apply(job.call, job, [fn, ...args])

const encoded = (...args: readonly PythonArg[]) => {
  const job = newJob()
  job.call(f, ...args)
  return JSON.parse(pythonCallsOf(job)[0]?.arguments ?? '')
}

test('arguments become JSON, with tags for what that has no word for', () => {
  expect(encoded(null, true, 'a', 1, -1.5, [], {})).toEqual({ args: [null, true, 'a', 1, -1.5, [], {}], kwargs: {} })
  expect(encoded(-0, Number.NaN, Number.NEGATIVE_INFINITY).args).toEqual([
    { $float: '-0.0' },
    { $float: 'NaN' },
    { $float: '-Infinity' },
  ])
  expect(encoded(-255n, 2 ** 53).args).toEqual([{ $int: '-ff' }, { $int: '20000000000000' }])
  expect(encoded(new Uint8Array([1, 2]).subarray(1), Buffer.from('ü')).args).toEqual([
    { $bytes: 'Ag==' },
    { $bytes: 'w7w=' },
  ])
})

test('keys that begin with a dollar sign are no tags', () => {
  expect(encoded({ a: { $int: 'x', b: 1 } }).args).toEqual([
    {
      a: {
        $dict: [
          ['$int', 'x'],
          ['b', 1],
        ],
      },
    },
  ])
  const job = newJob()
  job.call(f, kwargs({ $file: 1 }))
  expect(pythonCallsOf(job)[0]?.arguments).toBe('{"args":[],"kwargs":{"$dict":[["$file",1]]}}')
})

test('an object may be there twice, but not in itself', () => {
  const shared = [1]
  expect(encoded([shared, shared]).args).toEqual([[[1], [1]]])
  const circle: unknown[] = []
  circle.push({ circle })
  expect(() => callAnyway(newJob(), f, circle)).toThrow(
    "Job 'x' passes an object that contains itself as argument 1[0].circle of 'f'; pass plain data.",
  )
})

test('objects without a prototype are plain, and a key may have any name', () => {
  const bare = Object.assign(Object.create(null), { a: 1 })
  expect(encoded(bare, JSON.parse('{"__proto__":1}')).args).toEqual([{ a: 1 }, JSON.parse('{"__proto__":1}')])
})

const nested = Array.from({ length: 600 }).reduce<PythonArg>((inner) => [inner], 1)
class Mine {}

test.for<readonly [() => unknown, string, string]>([
  [() => undefined, 'undefined', 'pass null for None, or leave it out'],
  [() => () => 1, 'a function', 'write it in Python, in the source of the one that is called'],
  [() => Symbol('a'), 'a symbol', 'pass a text'],
  [() => new Date(0), 'an object of class Date', 'pass its toISOString() or its getTime()'],
  [() => new Map(), 'an object of class Map', 'pass Object.fromEntries(map), or [...map]'],
  [() => new Set(), 'an object of class Set', 'pass [...set]'],
  [() => Promise.resolve(), 'an object of class Promise', 'await it first'],
  [() => Object('a'), 'an object of class String', 'pass its valueOf()'],
  [() => new ArrayBuffer(1), 'an object of class ArrayBuffer', 'pass its bytes as a Uint8Array'],
  [() => new Float64Array(1), 'an object of class Float64Array', 'pass [...array], or its bytes as a Uint8Array'],
  [() => new Mine(), 'an object of class Mine', 'pass a plain object, such as { ...object }'],
  [() => ({ [Symbol('a')]: 1 }), 'an object with a symbol as a key', 'make the key a text'],
  [() => newJob(), 'a job', 'pass one of its files or results'],
  [() => newJob().out, 'all of job.out', 'name one file: job.out.name'],
  [
    () => new Batch().newFunctionJob().call(() => 1),
    'the result of a TypeScript function',
    'pass its asJson(), and read that file in Python',
  ],
  [() => f, 'a Python function', 'call it, and pass its result'],
  [() => kwargs({}), 'kwargs', 'pass them once, after all other arguments'],
  [() => `a ${newJob().out.o}`, 'a text with a file in it', 'pass the file by itself'],
  [() => nested, 'objects nested deeper than 500', 'pass flatter data, or a file'],
])('$1 is refused', ([make, what, remedy]) => {
  const message = `Job 'x' passes ${what} as argument 1 of 'f'; ${remedy}.`
  expect(() => callAnyway(newJob(), f, make(), 1)).toThrow(new InvalidBatchError({ message, job: 'x' }))
})

test('a message names the place of a value, at any depth', () => {
  expect(() => callAnyway(newJob(), f, 1, [{ a: [undefined] }])).toThrow(
    / undefined as argument 2\[0\]\.a\[0\] of 'f';/,
  )
  expect(() => callAnyway(newJob(), f, kwargs(Object({ a: { b: undefined } })))).toThrow(
    / undefined as argument 'a'\.b of/,
  )
  // biome-ignore lint/suspicious/noSparseArray: holes are the subject
  expect(() => callAnyway(newJob(), f, [1, , 2])).toThrow(/ undefined as argument 1\[1\] of/)
})

test('files and results of another batch are refused', () => {
  const other = new Batch({ name: 'other' })
  for (const value of [other.readInput('/a'), other.newPythonJob().call(f)])
    expect(() => newJob().call(f, value)).toThrow(
      "Job 'x' is passed a file or result of another batch, 'other'; read it with readInput.",
    )
})

test.each([
  [
    () => 1,
    "a TypeScript function; pass pythonFunction('file.py', 'name') or a python`…` template, or call it in a job made by newFunctionJob.",
  ],
  ['stats.mean', "'stats.mean'; pass pythonFunction('file.py', 'name') or a python`…` template."],
  [undefined, "undefined; pass pythonFunction('file.py', 'name') or a python`…` template."],
])('what is no Python function is not called, number %#', (fn, message) => {
  expect(() => callAnyway(newJob(), fn)).toThrow(`Job 'x' calls ${message}`)
})

test.skipIf(pythonMissing())('arguments that the function does not take are refused at the call', () => {
  const scale = python`def scale(x, by=1): return x * by`
  const calls = [() => newJob().call(scale), () => newJob().call(scale, 1, kwargs({ bye: 2 }))]
  expect(calls[0]).toThrow("Job 'x' calls scale(x, by=…) without 'x'; pass it.")
  expect(calls[1]).toThrow(
    "Job 'x' calls scale(x, by=…) with the keyword 'bye', which it does not have; did you mean 'by'?",
  )
})

test.skipIf(pythonMissing())('a source that Python cannot read is refused, unless the image has another Python', () => {
  const broken = python`
    def f(x):
        return (
  `
  expect(() => newJob().call(broken, 1)).toThrow(
    /^Job 'x' calls 'f' of <python f>, which Python 3\.\d+ cannot read: .+ in line \d+, '.*'; correct it\.$/,
  )
  const batch = new Batch({ defaultPythonImage: 'python:4' })
  expect(() => batch.newPythonJob().call(broken, 1)).not.toThrow()
  expect(() => batch.newPythonJob({ image: null }).call(broken, 1)).toThrow(/cannot read/)
})

test('a value is kept where another call reads it, and nowhere else', async () => {
  const backend = new RecordingBackend()
  const batch = new Batch({ backend, defaultPythonImage: 'python:3.13' })
  const first = batch.newPythonJob({ name: 'first' })
  const read = first.call(f)
  first.call(f)
  batch.newPythonJob({ name: 'second' }).call(f, read)
  batch.newPythonJob({ name: 'barrier' })
  await batch.run()
  const [one, two, barrier] = backend.submissions[0]?.spec.jobs ?? []
  expect(one?.detail.task).toMatchObject({
    kind: 'python',
    calls: [{ name: 'f', file: '<python f>', results: { value: 'first-1/.result-1.value' } }, { results: {} }],
  })
  expect(one?.detail.outputs).toMatchObject([{ path: 'first-1/.result-1.value', isNeeded: true, destinations: [] }])
  expect(two).toMatchObject({
    parents: [0],
    template: { image: 'python:3.13' },
    detail: {
      task: { calls: [{ arguments: '{"args":[{"$result":0}],"kwargs":{}}', files: ['first-1/.result-1.value'] }] },
    },
  })
  expect(barrier?.detail.task).toEqual({ kind: 'barrier' })
  expect(backend.submissions[0]?.spec.texts?.size).toBe(1)
})

test('the console shows a result and a function by their names', () => {
  expect(inspect([newJob().call(f), f])).toBe('[ PythonResult(x › f), PythonFunction(<python f> › f) ]')
})
