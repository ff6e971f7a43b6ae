import { chmod, mkdir, readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

export function testBashFiles(bench: Bench): void {
  testInputs(bench)
  testOutputs(bench)

  test('a variable set by env reaches the command as it is', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'env', outputs: ['greeting'] }).env('GREETING', `it's "two  words" $HOME`)
    job.command`printf %s "$GREETING" > ${job.out.greeting}`
    batch.writeOutput(job.out.greeting, bench.path('greeting'))
    await batch.run(quiet)
    expect(await bench.read('greeting')).toBe(`it's "two  words" $HOME`)
  })

  test('an extension is the end of the file name, also when it is added after the command', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'extension', outputs: ['table'] })
    job.command`basename ${job.out.table} > ${job.out.table}`
    job.out.table.addExtension('.txt.bgz')
    batch.writeOutput(job.out.table, bench.path('extended'))
    await batch.run(quiet)
    expect((await bench.read('extended')).trim()).toMatch(/\.txt\.bgz$/)
  })
}

function testInputs(bench: Bench): void {
  test('an input is written to an output unchanged', async () => {
    const source = await bench.write('source.bin', 'one\0two\n')
    const batch = bench.newBatch()
    batch.writeOutput(batch.readInput(source), bench.path('copy.bin'))
    await batch.run(quiet)
    expect(await bench.read('copy.bin')).toBe('one\0two\n')
  })

  test('a job reads an input', async () => {
    const batch = bench.newBatch()
    const input = batch.readInput(await bench.write('hello.txt', 'hello\n'))
    const job = batch.newJob({ name: 'cat', outputs: ['text'] })
    job.command`cat ${input} > ${job.out.text}`
    batch.writeOutput(job.out.text, bench.path('hello.out'))
    await batch.run(quiet)
    expect(await bench.read('hello.out')).toBe('hello\n')
  })

  test('an input that may be run still may, also in a folder', async () => {
    await mkdir(bench.path('tools'))
    const tool = await bench.write('tools/tool.sh', '#!/bin/sh\necho ran')
    await chmod(tool, 0o755)
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'run', outputs: ['text'] })
    job.command`${batch.readInput(tool)} > ${job.out.text}`
    job.command`${batch.readInput(bench.path('tools'))}/tool.sh >> ${job.out.text}`
    batch.writeOutput(job.out.text, bench.path('ran.out'))
    await batch.run(quiet)
    expect(await bench.read('ran.out')).toBe('ran\nran\n')
  })

  test('an input keeps its base name, all extensions included', async () => {
    const batch = bench.newBatch()
    const input = batch.readInput(await bench.write('table.tsv.gz', 'x'))
    const job = batch.newJob({ name: 'name', outputs: ['name'] })
    job.command`basename ${input} > ${job.out.name}`
    batch.writeOutput(job.out.name, bench.path('name.out'))
    await batch.run(quiet)
    expect(await bench.read('name.out')).toBe('table.tsv.gz\n')
  })

  test.each(['', '/'])('a folder is an input, its path ending in "%s"', async (end) => {
    await mkdir(bench.path(`folder${end.length}/below`), { recursive: true })
    await bench.write(`folder${end.length}/a`, 'a')
    await bench.write(`folder${end.length}/below/b`, 'b')
    const batch = bench.newBatch()
    const folder = batch.readInput(bench.path(`folder${end.length}`) + end)
    const job = batch.newJob({ name: 'folder', outputs: ['both'] })
    job.command`cat ${folder}/a ${folder}/below/b > ${job.out.both}`
    batch.writeOutput(job.out.both, bench.path('both'))
    await batch.run(quiet)
    expect(await bench.read('both')).toBe('ab')
  })

  test('the members of an input group are each equal to their sources', async () => {
    const batch = bench.newBatch()
    const group = batch.readInputGroup({
      in1: await bench.write('in1.txt', 'first'),
      in2: await bench.write('in2.txt', 'second'),
    })
    batch.writeOutput(group.in1, bench.path('member1'))
    batch.writeOutput(group.in2, bench.path('member2'))
    await batch.run(quiet)
    expect(await bench.read('member1')).toBe('first')
    expect(await bench.read('member2')).toBe('second')
  })

  test('the members of an input group are reached by name and by the root', async () => {
    const batch = bench.newBatch()
    const group = batch.readInputGroup({
      in1: await bench.write('g1', 'one '),
      'in2.idx': await bench.write('g2', 'two'),
    })
    const job = batch.newJob({ name: 'members', outputs: ['text'] })
    job.command`cat ${group.in1} ${group}.in2.idx > ${job.out.text}`
    batch.writeOutput(job.out.text, bench.path('members'))
    await batch.run(quiet)
    expect(await bench.read('members')).toBe('one two')
  })
}

function testOutputs(bench: Bench): void {
  test('what a job makes arrives at the destination', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'print', outputs: ['text'] })
    job.command`printf 'a\nb' > ${job.out.text}`
    batch.writeOutput(job.out.text, bench.path('deep/folder/text'))
    await batch.run(quiet)
    expect(await bench.read('deep/folder/text')).toBe('a\nb')
  })

  test('a folder that a job makes arrives whole', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'folder', outputs: ['all'] })
    job.command`mkdir -p ${job.out.all}/below; echo 1 > ${job.out.all}/one; echo 2 > ${job.out.all}/below/two`
    batch.writeOutput(job.out.all, bench.path('whole'))
    await batch.run(quiet)
    expect(await bench.read('whole/one')).toBe('1\n')
    expect(await bench.read('whole/below/two')).toBe('2\n')
  })

  test('an empty folder that a job makes arrives', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'nothing', outputs: ['all'] })
    job.command`mkdir ${job.out.all}`
    batch.writeOutput(job.out.all, bench.path('empty'))
    await batch.run(quiet)
    expect(await readdir(bench.path('empty'))).toEqual([])
  })

  test('names with spaces, quotes and parentheses work on both ends', async () => {
    const name = `a "quoted" (name) it's $HOME ü`
    const batch = bench.newBatch({ name })
    const input = batch.readInput(await bench.write(`${name}.in`, 'content'))
    const job = batch.newJob({ name })
    job.command`cat ${input} > ${job.output('out put')}`
    batch.writeOutput(job.output('out put'), bench.path(`${name}.out`))
    await batch.run(quiet)
    expect(await bench.read(`${name}.out`)).toBe('content')
  })

  test('a resource goes to several destinations', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'twice', outputs: ['x'] })
    job.command`echo x > ${job.out.x}`
    batch.writeOutput(job.out.x, bench.path('x1'))
    batch.writeOutput(job.out.x, bench.path('x2'))
    await batch.run(quiet)
    expect(await bench.read('x1')).toBe(await bench.read('x2'))
  })
}
