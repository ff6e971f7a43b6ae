import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const read = (path: string): string => readFileSync(path, 'utf8')
const write = (path: string, text: string): void => writeFileSync(path, text)

export function testFunctionArguments(bench: Bench): void {
  testGroups(bench)
  testNested(bench)

  test('a function writes to an output of its own job, which the next job reads', async () => {
    const batch = bench.newBatch()
    const head = batch.newFunctionJob({ name: 'head', outputs: ['ofile'] })
    head.call(write, head.out.ofile, 'hello from head')
    const tail = batch.newJob({ name: 'tail' })
    tail.command`cat ${head.out.ofile}`
    batch.writeOutput(head.out.ofile, bench.path('own'))
    const run = await batch.run(quiet)
    expect(await run.job(tail).log()).toBe('hello from head')
    expect(await bench.read('own')).toBe('hello from head')
  })

  test('values keep their kind', async () => {
    const batch = bench.newBatch()
    const values = [
      [null, undefined, true, -0, Number.NaN, Number.NEGATIVE_INFINITY, 10n ** 30n, `it's "ü" \n`],
      [new Date(0), /a+/giu, new Uint8Array([0, 255]), new Float64Array([0.1]), new RangeError('far')],
      [new Map<unknown, unknown>([[{ key: 1 }, new Set(['x'])]]), { $file: 0, constructor: 'own' }],
    ]
    const echo = batch.newFunctionJob().call((given: unknown[]) => given, values)
    const run = await batch.run(quiet)
    expect(await run.value(echo)).toStrictEqual(values)
  })

  test('an object that is there twice is one object, also if it leads back to itself', async () => {
    const batch = bench.newBatch()
    const ring: Record<string, unknown> = {}
    ring.self = ring
    const look = ([left, right]: unknown[], { self }: Record<string, unknown>) => [left === right, left === self]
    const seen = batch.newFunctionJob().call(look, [ring, ring], ring)
    const run = await batch.run(quiet)
    expect(await run.value(seen)).toEqual([true, true])
  })

  test('arguments of a megabyte arrive', async () => {
    const batch = bench.newBatch()
    const length = batch.newFunctionJob().call((text: string) => text.length, 'ü'.repeat(2 ** 20))
    const run = await batch.run(quiet)
    expect(await run.value(length)).toBe(2 ** 20)
  })
}

function testGroups(bench: Bench): void {
  test('members of a group arrive as paths, a whole group as an object of them', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ name: 'head', resourceGroups: { files: { left: '{root}.1', right: '{root}.2' } } })
    head.command`printf 1 > ${head.out.files.left}; printf 2 > ${head.out.files.right}`
    const job = batch.newFunctionJob()
    const each = job.call(
      (left: string, right: string) => read(left) + read(right),
      head.out.files.left,
      head.out.files.right,
    )
    const jointly = job.call(
      (files: { left: string; right: string }) => [Object.keys(files), read(files.left) + read(files.right)],
      head.out.files,
    )
    const run = await batch.run(quiet)
    expect(await run.value(each)).toBe('12')
    expect(await run.value(jointly)).toEqual([['left', 'right'], '12'])
  })

  test('an input group arrives as an object of paths by its members', async () => {
    const batch = bench.newBatch()
    const group = batch.readInputGroup({
      fasta: await bench.write('f 1.fa', 'ACGT'),
      'fasta.fai': await bench.write('f 1.fa.fai', 'index'),
    })
    const look = (files: Record<string, string>) =>
      Object.entries(files).map(([member, path]) => [member, isAbsolute(path), read(path)])
    const seen = batch.newFunctionJob().call(look, group)
    const run = await batch.run(quiet)
    expect(await run.value(seen)).toEqual([
      ['fasta', true, 'ACGT'],
      ['fasta.fai', true, 'index'],
    ])
  })

  test('a function makes the members of a group of its own job', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ resourceGroups: { pair: { a: '{root}.a', b: '{root}.b' } } })
    job.call(({ a, b }: { a: string; b: string }) => {
      write(a, 'first\n')
      write(b, 'second\n')
    }, job.out.pair)
    const tail = batch.newJob()
    tail.command`cat ${job.out.pair}.a ${job.out.pair.b}`
    const run = await batch.run(quiet)
    expect(await run.job(tail).log()).toBe('first\nsecond\n')
  })
}

function testNested(bench: Bench): void {
  test('files and results are found at any depth of tuples, arrays, objects and Maps', async () => {
    const batch = bench.newBatch()
    const file = batch.readInput(await bench.write('a b.txt', 'from a file'))
    const head = batch.newFunctionJob({ name: 'head', outputs: ['made'] })
    const made = head.call((path: string) => {
      write(path, 'made')
      return new Set([1, 2])
    }, head.out.made)
    const tail = batch.newFunctionJob({ name: 'tail' })
    const tuple = tail.call((pair: [string, number]) => [Array.isArray(pair), read(pair[0]), pair[1]], [file, 7])
    const list = tail.call((paths: string[]) => paths.map(read), [file, head.out.made])
    const nested = tail.call(
      (given: { deep: [{ path: string; set: Set<number> }] }) => {
        const [{ path, set }] = given.deep
        return [read(path), set.has(2)]
      },
      { deep: [{ path: file, set: made }] },
    )
    const map = tail.call((files: Map<string, unknown>) => read(String(files.get('x'))), new Map([['x', file]]))
    const run = await batch.run(quiet)
    expect(await run.value(tuple)).toEqual([true, 'from a file', 7])
    expect(await run.value(list)).toEqual(['from a file', 'made'])
    expect(await run.value(nested)).toEqual(['from a file', true])
    expect(await run.value(map)).toBe('from a file')
  })

  test('a folder arrives as the path of a folder', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ outputs: ['folder'] })
    head.command`mkdir ${head.out.folder}; touch ${head.out.folder}/inside`
    const isThere = batch.newFunctionJob().call((path: string) => existsSync(`${path}/inside`), head.out.folder)
    const run = await batch.run(quiet)
    expect(await run.value(isThere)).toBe(true)
  })
}
