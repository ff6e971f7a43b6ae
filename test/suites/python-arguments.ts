import { kwargs, python } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

const read = python`
  def read(path):
      with open(path) as file:
          return file.read()
`
const readAll = python`
  def read_all(paths):
      if isinstance(paths, dict):
          paths = [paths[key] for key in sorted(paths)]
      return [type(paths).__name__] + [open(path).read() for path in paths]
`
const resourceGroups = { files: { in1: '{root}.in1', in2: '{root}.in2' } } as const

export function testPythonArguments(bench: Bench): void {
  testGroups(bench)
  testNested(bench)

  test('a function writes to an output of its own job, which the next job reads', async () => {
    const batch = bench.newBatch()
    const head = batch.newPythonJob({ name: 'head', outputs: ['ofile'] })
    const write = python`
      def write(path):
          with open(path, 'w') as file:
              file.write('hello from head')
    `
    head.call(write, head.out.ofile)
    batch.writeOutput(batch.newPythonJob({ name: 'tail' }).call(read, head.out.ofile).asStr(), bench.path('own'))
    await batch.run(quiet)
    expect(await bench.read('own')).toBe('hello from head\n')
  })

  test('values keep their kind', async () => {
    const batch = bench.newBatch()
    const show = python`def show(*args, **kwargs): return repr((args, kwargs))`
    const values = [null, true, 3, 2 ** 60, 1.5, -0, Number.NaN, 10n ** 30n, `it's "ü" \n`, new Uint8Array([0, 255])]
    const shown = batch.newPythonJob().call(show, ...values, kwargs({ nested: { $file: [0], a: [] } }))
    batch.writeOutput(shown.asStr(), bench.path('kinds'))
    await batch.run(quiet)
    const text = `it's "ü" \\n`.replaceAll("'", String.raw`\'`)
    expect(await bench.read('kinds')).toBe(
      `((None, True, 3, 1152921504606846976, 1.5, -0.0, nan, ${10n ** 30n}, '${text}', b'\\x00\\xff'), ` +
        "{'nested': {'$file': [0], 'a': []}})\n",
    )
  })

  test('a keyword argument arrives by its name', async () => {
    const batch = bench.newBatch()
    const greet = python`def greet(greeting, *, name='nobody', **rest): return {'text': f'{greeting} {name}', 'rest': rest}`
    const greeting = batch.newPythonJob().call(greet, 'hello', kwargs({ name: 'Ada', 'not an identifier': 1 }))
    batch.writeOutput(greeting.asJson(), bench.path('keyword'))
    await batch.run(quiet)
    const json = JSON.parse(await bench.read('keyword'))
    expect(json).toEqual({ text: 'hello Ada', rest: { 'not an identifier': 1 } })
  })

  test('the variables of the job are in its environment', async () => {
    const batch = bench.newBatch()
    const job = batch.newPythonJob().env('GREETING', `it's "here"`)
    const look = python`
      def look():
          import os
          return [os.environ['GREETING'], os.path.samefile(os.environ['BATCH_TMPDIR'], '.')]
    `
    batch.writeOutput(job.call(look).asJson(), bench.path('environment'))
    await batch.run(quiet)
    expect(JSON.parse(await bench.read('environment'))).toEqual([`it's "here"`, true])
  })

  test('arguments of a megabyte arrive', async () => {
    const batch = bench.newBatch()
    const length = batch.newPythonJob().call(python`def length(text): return len(text)`, 'ü'.repeat(2 ** 20))
    batch.writeOutput(length.asStr(), bench.path('length'))
    await batch.run(quiet)
    expect(await bench.read('length')).toBe(`${2 ** 20}\n`)
  })
}

function testGroups(bench: Bench): void {
  test('members of a group arrive as paths, a whole group as a dict of them', async () => {
    const batch = bench.newBatch()
    const head = batch.newJob({ name: 'head', resourceGroups })
    head.command`printf 1 > ${head.out.files.in1}; printf 2 > ${head.out.files.in2}`
    const job = batch.newPythonJob()
    const each = job.call(readAll, [head.out.files.in1, head.out.files.in2])
    batch.writeOutput(each.asJson(), bench.path('each'))
    batch.writeOutput(job.call(readAll, head.out.files).asJson(), bench.path('jointly'))
    await batch.run(quiet)
    expect(JSON.parse(await bench.read('each'))).toEqual(['list', '1', '2'])
    expect(JSON.parse(await bench.read('jointly'))).toEqual(['list', '1', '2'])
  })

  test('an input group arrives as a dict of paths by its members', async () => {
    const batch = bench.newBatch()
    const group = batch.readInputGroup({
      fasta: await bench.write('g 1.fa', 'ACGT'),
      'fasta.fai': await bench.write('g 1.fa.fai', 'index'),
    })
    const names = python`
      def names(group):
          import os
          return {member: [os.path.isabs(path), open(path).read()] for member, path in group.items()}
    `
    batch.writeOutput(batch.newPythonJob().call(names, group).asJson(), bench.path('input group'))
    await batch.run(quiet)
    expect(JSON.parse(await bench.read('input group'))).toEqual({ fasta: [true, 'ACGT'], 'fasta.fai': [true, 'index'] })
  })
}

function testNested(bench: Bench): void {
  test('files and results are found at any depth of lists and dicts', async () => {
    const batch = bench.newBatch()
    const file = batch.readInput(await bench.write('a b.txt', 'from a file'))
    const head = batch.newPythonJob({ name: 'head', outputs: ['made'] })
    const made = head.call(
      python`
        def make(path):
            open(path, 'w').write('made')
            return ('a', 'tuple')
      `,
      head.out.made,
    )
    const job = batch.newPythonJob({ name: 'tail' })
    const look = python`
      def look(nested):
          first, (second, third) = nested['list']
          return [open(first).read(), open(second['path']).read(), repr(third)]
    `
    const seen = job.call(look, { list: [file, [{ path: head.out.made }, made]] })
    batch.writeOutput(seen.asJson(), bench.path('nested'))
    await batch.run(quiet)
    expect(JSON.parse(await bench.read('nested'))).toEqual(['from a file', 'made', "('a', 'tuple')"])
  })
}
