import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Input, PythonCall, ResultPaths } from 'graupel/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pythonMissing } from '../../suites/python-jobs.ts'
import { AttemptBed, type JobUnderTest, output } from '../attempt-bed.ts'

let bed: AttemptBed
beforeEach(async () => {
  bed = await AttemptBed.make()
})
afterEach(async () => {
  expect(await bed.leftovers()).toEqual([])
  await bed.close()
})

interface CallUnderTest {
  readonly name?: string
  readonly source: string
  readonly args?: readonly unknown[]
  readonly files?: readonly string[]
  readonly results?: ResultPaths
}

/** A job that makes calls, each with a source of its own. */
async function jobOf(calls: readonly CallUnderTest[], outputs: readonly string[] = []): Promise<JobUnderTest> {
  const inputs: Input[] = []
  const planned: PythonCall[] = []
  for (const [index, { name = 'f', source, args = [], files = [], results = {} }] of calls.entries()) {
    const uri = `memory:///sources/${index}`
    await bed.objects.write(uri, new TextEncoder().encode(source))
    inputs.push({ kind: 'object', uri, path: `texts/${index}.py` })
    planned.push({
      name,
      file: `source${index}.py`,
      source: { path: `texts/${index}.py` },
      arguments: JSON.stringify({ args, kwargs: {} }),
      files: [...files],
      results,
    })
  }
  const task = { kind: 'python', calls: planned } as const
  return { detail: { task, inputs, outputs: outputs.map((name) => output(name, `memory:///made/${name}`)) } }
}

const python = (body: string) => `def f(*args):\n    ${body}\n`
const asJson: ResultPaths = { json: 'job/x' }

test('a machine without Python ends the job as Error and says what to do', async () => {
  const job = await jobOf([{ source: python('pass') }])
  expect(await bed.run({ ...job, template: { env: { PATH: '/nowhere' } } })).toMatchObject({
    cause: 'image',
    message:
      "The job's functions need Python 3.8 or newer, which the machine does not have; install it there, or give the " +
      'job an image, for example python:3.13-slim.',
  })
})

describe.skipIf(pythonMissing())('where there is Python', () => {
  testFailures()
  testTracebacks()

  test('an older one ends the job as Error and says which it is', async () => {
    const bin = join(bed.scratch, 'bin')
    await mkdir(bin)
    const pretend =
      'import runpy, sys; sys.version_info = (3, 7, 1); sys.argv = sys.argv[-2:]; runpy.run_path(sys.argv[0], run_name="__main__")'
    await writeFile(
      join(bin, 'python3'),
      `#!/bin/sh\nexec /usr/bin/env -S PATH=/usr/bin:/bin python3 -c '${pretend}' "$@"\n`,
    )
    await chmod(join(bin, 'python3'), 0o755)
    const job = await jobOf([{ source: python('pass') }])
    expect(await bed.run({ ...job, template: { env: { PATH: `${bin}:/usr/bin:/bin` } } })).toMatchObject({
      cause: 'image',
      message: expect.stringMatching(
        /^The job's functions need Python 3\.8 or newer, but this machine has Python 3\.7;/,
      ),
    })
  })

  test('a text that holds bytes which are no characters comes out as those bytes', async () => {
    const source = python(String.raw`return b'a\xff'.decode('utf-8', 'surrogateescape')`)
    await bed.run(await jobOf([{ source, results: { text: 'job/text', json: 'job/json' } }], ['text', 'json']))
    expect(await bed.objects.read('memory:///made/text')).toEqual(Uint8Array.of(0x61, 0xff, 0x0a))
    expect(await bed.text('memory:///made/json')).toBe('"a\\udcff"\n')
  })

  test('a function that leaves by exit 0 has succeeded, but for the results that it owes', async () => {
    const source = python('raise SystemExit')
    expect(await bed.run(await jobOf([{ source, results: asJson }]))).toMatchObject({ cause: 'success' })
    expect(await bed.run(await jobOf([{ source, results: asJson }], ['x']))).toMatchObject({ cause: 'missingOutput' })
  })

  test('anything that can be awaited is awaited', async () => {
    const source = `class Later:
    def __await__(self):
        yield
        return 'later'

def f():
    return Later()
`
    await bed.run(await jobOf([{ source, results: { text: 'job/x' } }], ['x']))
    expect(await bed.text('memory:///made/x')).toBe('later\n')
  })

  test('a source is a module by a name of its own, and standard modules stay what they are', async () => {
    const source = `import json, sys\n${python('return [json.__name__, __name__ in sys.modules, __name__ != "__main__"]')}`
    const job = await jobOf([{ source, results: asJson }], ['x'])
    const task = job.detail?.task
    if (task?.kind !== 'python') throw new Error('no job of Python')
    const calls = task.calls.map((call) => ({ ...call, file: 'lib/json.py' }))
    await bed.run({ ...job, detail: { ...job.detail, task: { ...task, calls } } })
    expect(await bed.text('memory:///made/x')).toBe('["json", true, true]\n')
  })
})

function testFailures(): void {
  test.for<readonly [what: string, source: string, results: ResultPaths, message: string | RegExp]>([
    ['a source without the function', 'g = 1\n', {}, "source0.py defines no function 'f'."],
    ['a source that cannot be read', 'def f(:\n', {}, /^SyntaxError: /],
    [
      'a module that is not there',
      'import no_such_module\n',
      {},
      "ModuleNotFoundError: No module named 'no_such_module'",
    ],
    ['a message of several lines', python(String.raw`raise ValueError('one\ntwo')`), {}, 'ValueError: one'],
    ['an exception of its own', `class Mine(Exception): pass\n${python("raise Mine('x')")}`, {}, 'Mine: x'],
    [
      'a number that is none',
      python("return {'a': [0.5, float('nan')]}"),
      asJson,
      /^The result of 'f': JSON cannot say the result\['a'\]\[1\] \(nan\); return None or a text instead\.$/,
    ],
    [
      'a key that is no text',
      python('return [{(1, 2): 3}]'),
      asJson,
      /^The result of 'f': JSON cannot say the key \(1, 2\) of the result\[0\]; make it a text\.$/,
    ],
    [
      'a list in itself',
      python('x = []; x.append(x); return [x]'),
      asJson,
      /^The result of 'f': JSON cannot say the result\[0\]\[0\], which contains itself\.$/,
    ],
    [
      'a list without a bottom',
      `def f():\n    x = []\n    for _ in range(100000): x = [x]\n    return x\n`,
      asJson,
      /^The result of 'f': JSON cannot say the result, which is nested too deeply; return flatter data\.$/,
    ],
    [
      'a generator',
      python('return (x for x in ())'),
      { value: 'job/x' },
      /^The result of 'f': the result cannot be passed on to another call \(TypeError: .*generator.*\); return plain data, or objects of classes and functions that stand at the top of a source\.$/,
    ],
  ])('%s fails the job: its reason says so', async ([, source, results, message]) => {
    const end = await bed.run(await jobOf([{ source, results }]))
    expect(end).toMatchObject({ cause: 'failed', exitCode: 1 })
    if (end.cause === 'success') throw new Error('it succeeded')
    expect(end.message).toMatch(message)
    expect(await bed.log()).toContain(end.message)
  })

  test('a value of a class that is not there fails the call that reads it', async () => {
    await bed.objects.write('memory:///values/x', new TextEncoder().encode('{}\nctoo_far_away\nThing\n.'))
    const job = await jobOf([{ source: python('pass'), args: [{ $result: 0 }], files: ['job/value'] }])
    const inputs: Input[] = [
      ...(job.detail?.inputs ?? []),
      { kind: 'object', uri: 'memory:///values/x', path: 'job/value' },
    ]
    expect(await bed.run({ ...job, detail: { ...job.detail, inputs } })).toMatchObject({
      cause: 'failed',
      message:
        "The arguments of 'f': the result of another call cannot be read here (ModuleNotFoundError: No module named " +
        "'too_far_away'); give both jobs images with the same packages.",
    })
  })
}

function testTracebacks(): void {
  test('a traceback tells of all causes, and of nothing but the functions', async () => {
    const source = `import asyncio

async def inner():
    raise KeyError('k')

async def f():
    try:
        await inner()
    except KeyError as error:
        raise ValueError('outer') from error
`
    await bed.run(await jobOf([{ source }]))
    const log = await bed.log()
    expect(log).toMatch(
      /^Traceback.+line 4, in inner.+KeyError: 'k'.+direct cause.+line 10, in f.+ValueError: outer\n$/s,
    )
    expect(log).not.toMatch(/runner|asyncio|graupel/)
  })

  test('sources of one name are told apart', async () => {
    const job = await jobOf([{ source: 'def f():\n    return 1\n' }, { source: 'def f():\n    return 1 / 0\n' }])
    const task = job.detail?.task
    if (task?.kind !== 'python') throw new Error('no job of Python')
    const calls = task.calls.map((call) => ({ ...call, file: 'same.py' }))
    await bed.run({ ...job, detail: { ...job.detail, task: { ...task, calls } } })
    expect(await bed.log()).toMatch(/File "same\.py \([0-9a-f]{12}\)", line 2, in f\n {4}return 1 \/ 0\n/)
  })
}
