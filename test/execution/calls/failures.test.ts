import { killProcessesOf } from 'graupel/execution'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallBed, type FunctionName } from './call-bed.ts'

let bed: CallBed

beforeEach(async () => {
  bed = await CallBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  await bed.close()
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
})

const fail = (fn: FunctionName, ...args: unknown[]) => bed.call({ calls: [{ fn, args }] })

describe('a function that throws', () => {
  it('fails its job with the first line as the reason, and its stack in the log', async () => {
    const end = await fail('fail')
    expect(end).toMatchObject({ cause: 'failed', exitCode: 1, message: 'TypeError: the file is empty' })
    const log = await bed.log()
    expect(log).toMatch(/^TypeError: the file is empty\nand so is its neighbour\n {4}at fail /)
    expect(log, 'frames of the runner').not.toContain('call-runner')
    expect(log, 'frames of Node').not.toContain('node:internal')
  })

  it('is shown at its place in the program', async () => {
    await fail('fail')
    expect(await bed.log()).toMatch(/fixtures\/functions\.ts:\d+:\d+/)
  })

  it('is shown with its cause, and with all that it stands for', async () => {
    expect(await fail('failByCause')).toMatchObject({ message: 'Error: outer' })
    expect(await bed.log()).toMatch(/^Error: outer\n[\s\S]*\[cause\]: RangeError: inner\n/)
    expect(await bed.call({ job: 2, calls: [{ fn: 'failByMany' }] })).toMatchObject({
      message: 'AggregateError: two things',
    })
    expect(await bed.log(2)).toMatch(/\[errors\]: \[[\s\S]*Error: first[\s\S]*Error: second/)
    expect(await bed.log(2)).not.toContain('call-runner')
  })

  it('is named when it throws what is no Error', async () => {
    expect(await fail('throwText')).toMatchObject({
      exitCode: 1,
      message: "The function 'throwText' threw 'just text'.",
    })
    expect(await bed.log()).toBe("'just text'\n")
  })

  it('cannot end its runner by what it throws', async () => {
    expect(await fail('throwUnshowable')).toMatchObject({
      exitCode: 1,
      message: "The function 'throwUnshowable' threw something that cannot be shown.",
    })
  })

  it('may do so later, in a promise or in a timer', async () => {
    expect(await fail('rejectLater')).toMatchObject({ exitCode: 1, message: 'Error: rejected' })
    expect(await bed.call({ job: 2, calls: [{ fn: 'forgetRejection' }] })).toMatchObject({
      exitCode: 1,
      message: 'Error: nobody caught me',
    })
    expect(await bed.call({ job: 3, calls: [{ fn: 'throwInTimer' }] })).toMatchObject({
      exitCode: 1,
      message: 'Error: thrown in a timer',
    })
    expect(await bed.log(3)).toMatch(/^Error: thrown in a timer\n {4}at /)
  })

  it('may handle what nobody catches by itself', async () => {
    expect(await bed.ask('catchInTimer')).toBe('handled')
  })

  it('keeps later calls of its job from being made', async () => {
    const end = await bed.call({ calls: [{ fn: 'print', args: ['first', 1] }, { fn: 'throwText' }, { fn: 'add' }] })
    expect(end.cause).toBe('failed')
    expect(await bed.log()).toBe("0 first\n'just text'\n")
  })
})

describe('a function that returns', () => {
  it('never, fails its job when nothing is left that it could wait for', async () => {
    const message =
      "The function 'neverSettle' returned a promise that never settles: nothing that it could wait for is under way."
    expect(await fail('neverSettle')).toMatchObject({ cause: 'failed', exitCode: 1, message })
    expect(await bed.log()).toBe(`${message}\n`)
  })

  it('what cannot be passed on, is told where it is and what to do', async () => {
    const calls = [{ fn: 'makeUnencodable' as const, results: { value: 'job/value' } }]
    expect(await bed.call({ calls })).toMatchObject({
      cause: 'failed',
      exitCode: 1,
      message:
        "The result of 'makeUnencodable' cannot be passed on: at .list[0].save it is a function (save). Return plain data: objects, arrays, maps, sets, dates, buffers.",
    })
  })

  for (const [name, problem] of [
    ['undefined', 'it is undefined; return null instead'],
    ['not a number', 'its value at .deep[1] is NaN; return null or a string instead'],
    ['a bigint', 'its value at .big is a bigint; return a number or a string instead'],
    ['a function', "its value at ['a b'] is a function; return what it computes instead"],
    ['a Map', 'its value at .map is a Map; return plain objects and arrays, or give it a method toJSON'],
    ['a cycle', 'its value at .self leads back to itself; return a tree'],
    ['a hole', 'its value at [1] is undefined; return null instead'],
  ] as const) {
    it(`${name} where JSON is asked for, is told so`, async () => {
      const calls = [{ fn: 'makeUnwritable' as const, args: [name], results: { json: 'job/json' } }]
      expect(await bed.call({ calls })).toMatchObject({
        cause: 'failed',
        message: `The result of 'makeUnwritable' cannot be written as JSON: ${problem}.`,
      })
    })
  }

  it('what has no text where text is asked for, is told so', async () => {
    const calls = [{ fn: 'makeUnwritable' as const, args: ['no text'], results: { text: 'job/text' } }]
    expect(await bed.call({ calls })).toMatchObject({
      message: "The result of 'makeUnwritable' cannot be written as text: Cannot convert object to primitive value",
    })
  })
})

describe('a function that ends its process', () => {
  it('decides on the exit code of its job', async () => {
    expect(await fail('exit', 75)).toMatchObject({ cause: 'failed', exitCode: 75 })
    expect(await bed.call({ job: 2, calls: [{ fn: 'exit', args: [0] }] })).toMatchObject({ cause: 'success' })
    expect(await bed.call({ job: 3, calls: [{ fn: 'setExitCode', args: [3] }] })).toMatchObject({ exitCode: 3 })
  })

  it('has its listeners of the exit called', async () => {
    expect(await fail('setUpExit')).toMatchObject({ cause: 'success' })
    expect(await bed.log()).toBe('exit listener\n')
  })

  it('by a signal, ends its job with 128 and the signal', async () => {
    expect(await fail('killSelf', 'SIGKILL')).toMatchObject({ cause: 'failed', exitCode: 137 })
    expect(await bed.call({ job: 2, calls: [{ fn: 'killSelf', args: ['SIGSEGV'] }] })).toMatchObject({ exitCode: 139 })
    expect(await bed.ask('add', [1, 2], { job: 3 }), 'a call after it').toBe(3)
  })

  it('by a full heap, ends its job alone', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=64' }
    const end = await bed.call({ template: { env }, calls: [{ fn: 'fillHeap' }] })
    expect(end).toMatchObject({ cause: 'failed', exitCode: 134 })
    expect(await bed.log()).toContain('heap out of memory')
    expect(await bed.ask('add', [1, 2], { job: 2, template: { env } })).toBe(3)
  })
})

it('options of Node that it refuses fail the job, and are in its log', async () => {
  const env = { NODE_OPTIONS: '--no-such-option' }
  expect(await bed.call({ template: { env }, calls: [{ fn: 'add' }] })).toMatchObject({ cause: 'failed', exitCode: 9 })
  expect(await bed.log()).toContain('--no-such-option')
})
