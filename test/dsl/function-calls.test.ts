import { inspect } from 'node:util'
import { Batch, type FunctionJob, InvalidBatchError, python, UnserializableFunctionError } from 'graupel'
import { describe, expect, test } from 'vitest'
import { callsOf } from '../../client/src/dsl/function-job.ts'
import { RecordingBackend } from './recording-backend.ts'

const f = (...args: unknown[]) => args
const newJob = (name = 'x') => new Batch({ name: 'b' }).newFunctionJob({ name, outputs: ['o'] })

/** As a program without types could call it. */
const callAnyway = (job: FunctionJob, fn: unknown, ...args: unknown[]): unknown =>
  Reflect.apply(job.call, job, [fn, ...args])

test.for<readonly [unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  ['f', 'a string'],
  [{ f }, 'an object (Object)'],
  [python`def f(): pass`, 'an object (PythonFunction)'],
])('what is no function is not called: $1', ([fn, what]) => {
  const message = `Job 'x' calls ${what}; pass a function, such as (x: number) => x + 1.`
  expect(() => callAnyway(newJob(), fn)).toThrow(new InvalidBatchError({ message, job: 'x' }))
})

describe('an argument is refused that is', () => {
  const batch = new Batch({ name: 'b' })
  const job = batch.newFunctionJob({ name: 'x', outputs: ['o'] })
  const other = new Batch({ name: 'other' })

  test.for<readonly [string, unknown, string]>([
    ['a job', batch.newJob(), 'passes a job to a function; pass one of its files or results.'],
    ['the job itself', job, 'passes a job to a function; pass one of its files or results.'],
    ['all outputs of a job', job.out, 'passes all of job.out to a function; name one file: job.out.name.'],
    [
      'a Python result',
      batch.newPythonJob().call(python`def f(): pass`),
      'passes a Python result to a function; pass its asJson().',
    ],
    [
      'a file of another batch',
      other.readInput('/a'),
      "is passed a file or result of another batch, 'other'; read it with readInput.",
    ],
    [
      'a group of another batch',
      other.readInputGroup({ a: '/a' }),
      "is passed a file or result of another batch, 'other'; read it with readInput.",
    ],
    [
      'a result of another batch',
      other.newFunctionJob().call(f),
      "is passed a file or result of another batch, 'other'; read it with readInput.",
    ],
  ])('%s, at any depth', ([, value, problem]) => {
    for (const args of [[value], [1, { deep: [value] }]])
      expect(() => callAnyway(job, f, ...args)).toThrow(
        new InvalidBatchError({ message: `Job 'x' ${problem}`, job: 'x' }),
      )
    expect(callsOf(job)).toEqual([])
  })
})

describe('what cannot come along is refused by name', () => {
  const refusal = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      if (error instanceof UnserializableFunctionError) return { variable: error.variable, message: error.message }
      throw error
    }
    throw new Error('nothing was refused')
  }

  test('a file or a result in the closure', () => {
    const job = newJob()
    const file = job.out.o
    const result = job.call(() => 1)
    for (const [variable, fn] of Object.entries({ file: () => file, result: () => result })) {
      expect(refusal(() => callAnyway(job, fn))).toMatchObject({
        variable,
        message: expect.stringMatching(`^Job 'x' cannot take .* along: \`${variable}\`.* pass it as an argument`),
      })
    }
  })

  test('a variable that changes, and an open timer among the arguments', () => {
    let count = 0
    expect(refusal(() => callAnyway(newJob(), () => count)).variable).toBe('count')
    count += 1
    const timer = setTimeout(() => undefined, 0)
    const told = refusal(() => callAnyway(newJob(), f, { timer }))
    clearTimeout(timer)
    expect(told.message).toMatch(/^Job 'x' cannot take the arguments of 'f' along: `.*timer` is a/)
  })
})

test('a job reads what its calls are passed, and keeps the value of each call', async () => {
  const backend = new RecordingBackend()
  const batch = new Batch({ backend })
  const head = batch.newJob({ name: 'head', outputs: ['text'] })
  head.command`echo x > ${head.out.text}`
  const first = batch.newFunctionJob({ name: 'first' })
  const made = first.call(f, head.out.text)
  batch.newFunctionJob({ name: 'second' }).call(f, [made, made])
  batch.newFunctionJob({ name: 'barrier' })
  await batch.run()
  const [, one, two, barrier] = backend.submissions[0]?.spec.jobs ?? []
  expect(one).toMatchObject({
    parents: [0],
    detail: { task: { kind: 'functions', calls: [{ name: 'f', files: ['head-1/text'] }] } },
  })
  expect(one?.detail.outputs).toMatchObject([{ path: 'first-2/.result-1.value', isNeeded: true }])
  expect(two).toMatchObject({ parents: [1], detail: { task: { calls: [{ files: ['first-2/.result-1.value'] }] } } })
  expect(barrier?.detail.task).toEqual({ kind: 'barrier' })
})

test('a function that is called by many jobs is stored once', async () => {
  const backend = new RecordingBackend()
  const batch = new Batch({ backend })
  const codes = Array.from({ length: 20 }, (_, x) => {
    const job = batch.newFunctionJob()
    job.call((y: number) => x + y, 1)
    return callsOf(job)[0]?.function.code
  })
  expect(new Set(codes).size).toBe(1)
  await batch.run()
  expect(backend.submissions[0]?.spec.texts?.size).toBe(1)
})

test('a result is no text, and shows where it comes from', () => {
  const result = newJob().call(f)
  expect(inspect(result)).toBe('FunctionResult(x › f)')
  expect(() => new Batch().newJob().command(`cat ${result}`)).toThrow(InvalidBatchError)
})

test('a name is cut that would be too long, and a function without one is anonymous', () => {
  const job = newJob()
  callAnyway(job, { ['n'.repeat(200)]: () => 1 }['n'.repeat(200)])
  job.call(() => 1)
  expect(callsOf(job).map(({ name }) => name)).toEqual(['n'.repeat(100), 'anonymous'])
})
