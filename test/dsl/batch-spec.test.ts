import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { Batch, InvalidBatchError, UndefinedResourceError } from 'graupel'
import { expect, test } from 'vitest'
import { onlyJob, specOf } from './script-of.ts'

test('mentioning a file adds the input, the edge and the output that is needed', () => {
  const batch = new Batch({ name: 'b', attributes: { user: 'x' }, cancelAfterNFailures: 2 })
  const make = batch.newJob({ name: 'make', attributes: { part: '1' }, outputs: ['a', 'b'] })
  make.command`touch ${make.out.a} ${make.out.b}`
  batch.newJob({ name: 'use' }).command`cat ${make.out.a} ${make.out.a}`
  const { jobs, ...head } = specOf(batch)
  expect(head).toEqual({ name: 'b', attributes: { user: 'x' }, cancelAfterNFailures: 2, texts: new Map() })
  expect(jobs.map(({ name, attributes, parents }) => ({ name, attributes, parents }))).toEqual([
    { name: 'make', attributes: { part: '1' }, parents: [] },
    { name: 'use', attributes: undefined, parents: [0] },
  ])
  expect(jobs[0]?.detail).toMatchObject({
    directory: 'make-1',
    inputs: [],
    outputs: [{ name: 'a', path: 'make-1/a', isNeeded: true, destinations: [] }],
  })
  expect(jobs[1]?.detail).toMatchObject({ inputs: [{ kind: 'job', job: 0, path: 'make-1/a' }], outputs: [] })
})

test('the same program gives the same data', () => {
  const program = () => {
    const batch = new Batch()
    const job = batch.newJob({ name: 'a b' })
    job.command`cat ${batch.readInput('/x')} ${batch.readInput('/x')} > ${job.output('o')}`
    batch.writeOutput(job.output('o'), 'gs://b/o')
    return specOf(batch)
  }
  expect(program()).toEqual(program())
})

test('each read has a place of its own and keeps the base name', () => {
  const batch = new Batch()
  batch.newJob().command`cat ${batch.readInput('/x y/é.txt')} ${batch.readInput('/x y/é.txt')}`
  expect(onlyJob(batch).detail.inputs).toEqual([
    { kind: 'object', uri: 'file:///x y/é.txt', path: 'inputs/1/é.txt' },
    { kind: 'object', uri: 'file:///x y/é.txt', path: 'inputs/2/é.txt' },
  ])
})

test.each([
  ['data/x', `file://${resolve('data/x')}`],
  ['~/x', `file://${homedir()}/x`],
  ['/a/../b//c/', 'file:///b/c'],
  ['file:///a%20b', 'file:///a b'],
  [new URL('file:///a%20b'), 'file:///a b'],
  ['gs://b/a%20b?c#d', 'gs://b/a%20b?c#d'],
  ['gs://b/folder/', 'gs://b/folder'],
  [new URL('gs://B-1/a%20b'), 'gs://B-1/a b'],
])('%s is read from %s', (path, uri) => {
  const batch = new Batch()
  batch.newJob().command`cat ${batch.readInput(path)}`
  expect(onlyJob(batch).detail.inputs).toMatchObject([{ uri }])
})

test.each([
  ['', 'is empty: name a file or folder'],
  ['https://a/b', 'cannot be reached: write a local path, or gs://bucket/name'],
  ['s3://a/b', 'cannot be reached'],
  ['gs://b', 'names no file: add its name'],
  ['gs://b/', 'names no file: add its name'],
  ['/', 'names no file: add its name'],
  ['a\nb', 'contains a control character: rename the file'],
  ['a\0b', 'contains a control character: rename the file'],
  [new URL('file:///a%0Ab'), 'contains a control character: rename the file'],
  [`gs://b/${'é'.repeat(128)}`, 'has a name of more than 255 bytes: shorten it'],
  [new URL('gs://b/%E0%A4%A'), 'URI malformed'],
])('the input path %j is refused', (path, problem) => {
  expect(() => new Batch().readInput(path)).toThrow(InvalidBatchError)
  expect(() => new Batch().readInput(path)).toThrow(`readInput: the path '${path}' ${problem}`)
  expect(() => new Batch().readInputGroup({ fa: path })).toThrow(
    `readInputGroup, member 'fa': the path '${path}' ${problem}`,
  )
})

test('a path that is none is refused', () => {
  const batch = new Batch()
  expect(() => Reflect.apply(batch.readInput, batch, [undefined])).toThrow(
    "readInput: the path 'undefined' is no path: write a text or a URL.",
  )
})

test('one member of an input group brings all, and links by the names of the members', () => {
  const batch = new Batch()
  const ref = batch.readInputGroup({ fasta: '/d/hg.fa', 'fasta.fai': '/d/hg.fa.fai', other: '/e/hg.fa' })
  batch.newJob().command`cat ${ref.fasta}`
  batch.newJob().command`cat ${ref}.fasta`
  const inputs = [
    { kind: 'object', uri: 'file:///d/hg.fa', path: 'inputs/1/hg.fa' },
    { kind: 'object', uri: 'file:///d/hg.fa.fai', path: 'inputs/1/hg.fa.fai' },
    { kind: 'object', uri: 'file:///e/hg.fa', path: 'inputs/1/1/hg.fa' },
  ]
  const links = [
    { path: 'inputs/1.fasta', target: 'inputs/1/hg.fa' },
    { path: 'inputs/1.fasta.fai', target: 'inputs/1/hg.fa.fai' },
    { path: 'inputs/1.other', target: 'inputs/1/1/hg.fa' },
  ]
  for (const { detail } of specOf(batch).jobs) expect(detail).toMatchObject({ inputs, links })
})

test('an input group without members, or with one that is no name, is refused', () => {
  expect(() => new Batch().readInputGroup({})).toThrow(
    "readInputGroup: the group has no members; write { fasta: 'hg.fasta' }.",
  )
  expect(() => new Batch().readInputGroup({ 'a/b': '/x' })).toThrow(
    "readInputGroup: no member can be called 'a/b': it contains a /.",
  )
})

const plink = (batch: Batch) =>
  batch.newJob({ name: 'p', resourceGroups: { g: { bed: '{root}.bed', log: 'log.{root}.txt' } } })

test('one member of a group brings all, and all are needed from its job', () => {
  const batch = new Batch()
  const job = plink(batch).command`plink`
  batch.newJob().command`cat ${job.out.g.bed}`
  batch.newJob().command`cat ${job.out.g}.bed`
  const [made, one, whole] = specOf(batch).jobs
  expect(made?.detail.outputs).toEqual([
    { name: 'g.bed', path: 'p-1/g.bed', isNeeded: true, destinations: [] },
    { name: 'g.log', path: 'p-1/log.g.txt', isNeeded: true, destinations: [] },
  ])
  for (const user of [one, whole]) {
    expect(user?.parents).toEqual([0])
    expect(user?.detail.inputs.map(({ path }) => path)).toEqual(['p-1/g.bed', 'p-1/log.g.txt'])
  }
})

test('a group is written member by member, and one member alone may be written too', () => {
  const batch = new Batch()
  const job = plink(batch)
  job.command`plink --out ${job.out.g}`
  batch.writeOutput(job.out.g, 'gs://b/out/dummy')
  batch.writeOutput(job.out.g.bed, '/only.bed')
  batch.writeOutput(job.out.g.bed, '/only.bed')
  expect(onlyJob(batch).detail.outputs.map(({ name, destinations }) => ({ name, destinations }))).toEqual([
    { name: 'g.bed', destinations: ['gs://b/out/dummy.bed', 'file:///only.bed'] },
    { name: 'g.log', destinations: ['gs://b/out/dummy.log'] },
  ])
})

test('inputs are written by an extra job, billed to the project of the batch', () => {
  const batch = new Batch({ requesterPaysProject: 'p', defaultImage: 'i' })
  const [a, b] = [batch.readInput('gs://x/a'), batch.readInput('/b')]
  batch.writeOutput(a, '/out/a')
  batch.writeOutput(a, '/out/a2')
  batch.writeOutput(b, 'gs://y/b')
  const job = onlyJob(batch)
  expect(job).toMatchObject({ name: 'write-inputs', parents: [], earlierParents: [] })
  expect(job.template.requesterPaysProject).toBe('p')
  expect(job.template.image).toBeUndefined()
  expect(job.detail).toEqual({
    task: { kind: 'bash', shell: '/bin/sh', script: ['true\n'] },
    directory: 'write-inputs-01',
    inputs: [
      { kind: 'object', uri: 'gs://x/a', path: 'inputs/1/a' },
      { kind: 'object', uri: 'file:///b', path: 'inputs/2/b' },
    ],
    links: [],
    outputs: [
      { name: 'gs://x/a', path: 'inputs/1/a', isNeeded: true, destinations: ['file:///out/a', 'file:///out/a2'] },
      { name: 'file:///b', path: 'inputs/2/b', isNeeded: true, destinations: ['gs://y/b'] },
    ],
  })
})

test.each([
  ['out/', "writeOutput: the path 'out/' ends with a slash: name the file or folder itself."],
  ['gs://b', "writeOutput: the path 'gs://b' names no file: add its name."],
  ['', "writeOutput: the path '' is empty: name a file or folder."],
])('the destination %j is refused', (destination, message) => {
  const batch = new Batch()
  expect(() => batch.writeOutput(batch.readInput('/a'), destination)).toThrow(message)
})

test('what is no file of this batch cannot be written', () => {
  const batch = new Batch()
  const job = batch.newJob({ outputs: ['a'] })
  const write = (value: unknown) => () => Reflect.apply(batch.writeOutput, batch, [value, '/x'])
  expect(write(job)).toThrow('writeOutput to file:///x: a job is no file; pass a file or group, such as job.out.name.')
  expect(write(job.out)).toThrow('writeOutput to file:///x: all of job.out is no file')
  expect(write('a')).toThrow("writeOutput to file:///x: the text 'a' is no file")
  expect(write(undefined)).toThrow('writeOutput to file:///x: undefined is no file')
  expect(write(new Batch({ name: 'other' }).readInput('/a'))).toThrow(
    "writeOutput to file:///x: the file is of another batch, 'other'; let that one write it.",
  )
})

test('two files for one destination are refused, the same file twice is not', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x', outputs: ['a', 'b'] })
  job.command`touch ${job.out.a} ${job.out.b}`
  batch.writeOutput(job.out.a, '/out')
  batch.writeOutput(job.out.a, '/./out')
  expect(onlyJob(batch).detail.outputs[0]?.destinations).toEqual(['file:///out'])
  batch.writeOutput(job.out.b, '/out')
  expect(() => specOf(batch)).toThrow(
    'JobResourceFile(x › a) and JobResourceFile(x › b) are both written to file:///out; give each a destination of its own.',
  )
})

test('a file that no command makes is refused', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'make' }).command`true`
  batch.newJob().command`cat ${job.output('a')}`
  expect(() => specOf(batch)).toThrow(UndefinedResourceError)
  expect(() => specOf(batch)).toThrow(
    "The file 'a' of job 'make' is needed, but none of its commands mentions it; write it where the command makes the file.",
  )
})

test('a file of a job without a command is refused, declared or not', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'make', outputs: ['a'] })
  batch.writeOutput(job.out.a, '/a')
  expect(() => specOf(batch)).toThrow("The file 'a' of job 'make' is needed, but the job has no command; give it one.")
})

test('declared files and groups may be made without being mentioned', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'p', outputs: ['a'], resourceGroups: { g: { bed: '{root}.bed' } } }).command`make`
  batch.newJob().command`cat ${job.out.a} ${job.out.g.bed}`
  expect(specOf(batch).jobs[0]?.detail.outputs).toHaveLength(2)
})

test('dependencies are explicit or made by files, each once; a job may wait for one created later', () => {
  const batch = new Batch()
  const jobs = ['a', 'b', 'c'].map((name) => batch.newJob({ name, outputs: ['o'] }).command`true`)
  const [a, b, c] = jobs
  if (a === undefined || b === undefined || c === undefined) throw new Error('three jobs')
  a.dependsOn(c, [b, c]).command`cat ${c.out.o}`
  batch.newJob({ dependsOn: jobs })
  batch.newJob({ dependsOn: a })
  expect(specOf(batch).jobs.map(({ parents }) => parents)).toEqual([[2, 1], [], [], [0, 1, 2], [0]])
})

test('a dependency on a job of another batch is refused', () => {
  const other = new Batch({ name: 'other' }).newJob({ name: 'a' })
  expect(() => new Batch().newJob({ name: 'x' }).dependsOn(other)).toThrow(
    "Job 'x' depends on job 'a' of another batch, 'other'; jobs wait for jobs of their own batch only.",
  )
})

test('job folders have safe names of at most 255 bytes, whatever the job is called', () => {
  const batch = new Batch()
  for (const name of ["it's a/b", '語', 'x'.repeat(300), undefined, '', '..']) batch.newJob({ name })
  const folders = specOf(batch).jobs.map(({ detail }) => detail.directory)
  expect(folders).toEqual(['it_s_a_b-1', '_-2', `${'x'.repeat(253)}-3`, '4', '5', '__-6'])
})

test('files that later runs may ask for are listed where they are kept', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x' })
  job.command`touch ${job.output('a')}`
  expect(onlyJob(batch).detail.outputs).toEqual([])
  expect(specOf(batch, true).jobs[0]?.detail.outputs).toEqual([
    { name: 'a', path: 'x-1/a', isNeeded: false, destinations: [] },
  ])
})

test('selectJobs anchors a text at its start and takes a RegExp as it is', () => {
  const batch = new Batch()
  for (const name of ['count-1', 'count-2', 'recount', undefined]) batch.newJob({ name })
  const names = (pattern: RegExp | string) => batch.selectJobs(pattern).map(({ name }) => name)
  expect(names('count')).toEqual(['count-1', 'count-2'])
  expect(names('x|count-2')).toEqual(['count-2'])
  const global = /count/g
  expect([names(global), names(global)]).toEqual([names(/count/), names(/count/)])
  expect(names(/count/)).toEqual(['count-1', 'count-2', 'recount'])
  expect(() => names('(')).toThrow("selectJobs: '(' is no regular expression; write one, or a RegExp.")
})
