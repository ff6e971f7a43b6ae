import { inspect } from 'node:util'
import { Batch, InvalidBatchError, JobResourceFile, ResourceGroup } from 'graupel'
import { expect, test } from 'vitest'
import { newJob, onlyJob, specOf } from './script-of.ts'

const open = () => newJob('count-0')
const closed = () => new Batch().newJob({ name: 'count-0', outputs: ['counts', 'log'] })

test('reading a name makes one handle, which has no effect until it is mentioned', () => {
  const job = open()
  expect(job.output('a')).toBe(job.output('a'))
  expect(Reflect.get(Object(job.out), 'a')).toBe(job.output('a'))
  expect(job.output('a')).toBeInstanceOf(JobResourceFile)
  expect(Object.keys(Object(job.out))).toEqual([])
  expect(onlyJob(job.batch).detail.outputs).toEqual([])
})

test('in, keys and spread show what is declared or mentioned', () => {
  const job = closed()
  expect(Object.keys(job.out)).toEqual(['counts', 'log'])
  expect({ ...job.out }.log).toBe(job.out.log)
  expect('counts' in job.out).toBe(true)
  expect('other' in job.out).toBe(false)
  const other = new Batch().newJob()
  other.command`echo > ${other.output('a')}`
  expect(Object.keys(other.out)).toEqual(['a'])
})

test.each([
  'then',
  'toJSON',
  'constructor',
  'toString',
  'valueOf',
  'inspect',
  '__proto__',
  'asymmetricMatch',
  '$$typeof',
  'nodeType',
])('%s is no output of its own accord, but can be one', (name) => {
  expect(Reflect.get(Object(open().out), name)).toBeUndefined()
  expect(open().output(name)).toBeInstanceOf(JobResourceFile)
  const job = new Batch().newJob({ outputs: [name] })
  expect(Reflect.get(Object(job.out), name)).toBe(job.output(name))
})

test('outputs can be awaited, compared and written as JSON', async () => {
  const { out } = closed()
  expect(await out).toBe(out)
  expect(JSON.parse(JSON.stringify(out))).toEqual({ counts: String(out.counts), log: String(out.log) })
  expect(out).toEqual(out)
})

test.each([
  ['set', (out: object) => Reflect.set(out, 'a', 1)],
  ['define', (out: object) => Object.defineProperty(out, 'a', { value: 1 })],
  ['delete', (out: object) => Reflect.deleteProperty(out, 'a')],
  ['freeze', (out: object) => Object.freeze(out)],
  ['set the prototype of', (out: object) => Object.setPrototypeOf(out, null)],
])('to %s outputs throws', (_, write) => {
  expect(() => write(closed().out)).toThrow(
    "Job 'count-0' has outputs that cannot be assigned; write to job.out.name in its command.",
  )
})

test('all outputs together are no text', () => {
  expect(() => `${closed().out}`).toThrow("Job 'count-0' has all of job.out where one file should be; name the file")
})

test('an output outside the declared ones is refused at once, with the nearest', () => {
  const job = closed()
  expect(() => Reflect.get(job.out, 'cuonts')).toThrow("Job 'count-0' has no output 'cuonts'; did you mean 'counts'?")
  expect(() => Reflect.apply(job.output, job, ['x'])).toThrow(InvalidBatchError)
  expect(() => Reflect.apply(job.output, job, ['zzzzzz'])).toThrow("has no output 'zzzzzz'; there are: counts, log.")
  const none = new Batch().newJob({ outputs: [] })
  expect(() => Reflect.apply(none.output, none, ['x'])).toThrow("has no output 'x'; there are none.")
})

test.each([
  ['', 'it is empty'],
  ['.', 'it is a folder of the system'],
  ['..', 'it is a folder of the system'],
  ['a/b', 'it contains a /'],
  ['a\nb', 'it contains a control character'],
  ['\ud800', 'it is no valid Unicode text'],
  ['é'.repeat(101), 'it is longer than 200 bytes'],
])('the output name %j is refused', (name, problem) => {
  expect(() => open().output(name)).toThrow(`Job 'count-0' cannot have an output '${name}': ${problem}.`)
})

test('names with spaces, quotes and other letters are names', () => {
  const job = open()
  for (const name of ["it's", 'a b', 'größe', '語', '$x', 'é'.repeat(100)]) expect(job.output(name)).toBeDefined()
})

test('an output declared twice is refused', () => {
  const batch = new Batch()
  const twice = "Job 'x' has the output 'a' twice; give each a name of its own."
  expect(() => batch.newJob({ name: 'x', outputs: ['a', 'a'] })).toThrow(twice)
  expect(() => batch.newJob({ name: 'x', outputs: ['a'], resourceGroups: { a: { b: '{root}.b' } } })).toThrow(twice)
  const job = batch.newJob({ name: 'x' })
  job.declareResourceGroup({ a: { b: '{root}.b' } })
  expect(() => job.declareResourceGroup({ a: { c: '{root}.c' } })).toThrow(twice)
  expect(batch.selectJobs('x')).toHaveLength(1)
})

test.each([
  [
    { bed: '.bed' },
    `declares member 'bed' of resource group 'g' as ".bed"; write a file name with {root} in it, such as '{root}.bed'.`,
  ],
  [{ bed: 3 }, "declares member 'bed' of resource group 'g' as 3;"],
  [{ bed: '{root}/x' }, "names member 'bed' of resource group 'g' 'g/x': it contains a /."],
  [{}, "declares the resource group 'g' without members; write { bed: '{root}.bed' }."],
  [null, "declares the resource group 'g' without members"],
])('the group %j is refused', (group, message) => {
  const batch = new Batch()
  expect(() => Reflect.apply(batch.newJob, batch, [{ name: 'x', resourceGroups: { g: group } }])).toThrow(
    `Job 'x' ${message}`,
  )
})

test('members are reached by name and by get, also those named like a method', () => {
  const job = new Batch().newJob({
    resourceGroups: { g: { bed: '{root}.bed', 'a.b': '{root}.a.b', get: '{root}.get' } },
  })
  expect(job.out.g.bed).toBe(job.out.g.get('bed'))
  expect(job.out.g['a.b']).toBe(job.out.g.get('a.b'))
  expect(job.out.g.get('get')).toBeInstanceOf(JobResourceFile)
  expect(job.out.g).toBeInstanceOf(ResourceGroup)
  expect(job.out.g.source()).toBe(job)
  expect(job.out.g.bed.source()).toBe(job)
  expect(() => Reflect.apply(job.out.g.get, job.out.g, ['bad'])).toThrow(
    "Resource group 'g' has no member 'bad'; did you mean 'bed'?",
  )
})

test('a group declared later is an output of the job that the call returns', () => {
  const job = new Batch().newJob({ name: 'x', outputs: ['log'] })
  const refined = job.declareResourceGroup({ g: { bed: '{root}.bed' } })
  expect(refined).toBe(job)
  expect(refined.out.g.bed).toBeInstanceOf(JobResourceFile)
  expect(refined.out.log).toBe(job.out.log)
})

test('an extension is added once, with a dot, and not to a member', () => {
  const job = new Batch().newJob({ name: 'x', resourceGroups: { g: { bed: '{root}.bed' } } })
  const file = job.output('a').addExtension('.txt')
  expect(() => file.addExtension('.gz')).toThrow("Job 'x' adds '.gz' to 'a', which has '.txt'; add it once.")
  expect(() => Reflect.apply(file.addExtension, job.output('b'), ['txt'])).toThrow(
    "Job 'x' adds 'txt' to 'b'; write a dot",
  )
  expect(() => job.output('b').addExtension('./x')).toThrow(
    "Job 'x' adds './x' to 'b'; write a dot and a part of a file name",
  )
  expect(() => job.out.g.bed.addExtension('.gz')).toThrow(
    "Job 'x' adds '.gz' to 'g.bed', whose name its group decides; change the template.",
  )
})

test('two outputs in one file are refused when the batch is run', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x', outputs: ['a', 'a.txt'] })
  job.out.a.addExtension('.txt')
  job.command`echo > ${job.out.a}`
  expect(() => specOf(batch)).toThrow("Job 'x' has the outputs 'a' and 'a.txt' in one file, 'a.txt'; rename one.")
})

test('the console shows what things are', () => {
  const job = new Batch({ name: 'b' }).newJob({
    name: 'count-0',
    outputs: ['counts'],
    resourceGroups: { g: { bed: '{root}.bed' } },
  })
  expect(inspect(job.out.counts)).toBe('JobResourceFile(count-0 › counts)')
  expect(inspect(job.output('counts').addExtension('.txt'))).toBe('JobResourceFile(count-0 › counts.txt)')
  expect(inspect(job.out.g)).toBe('ResourceGroup(count-0 › g: bed)')
  expect(inspect(job.out)).toBe('Outputs(count-0: counts, g)')
  expect(inspect(job)).toBe('BashJob(count-0)')
  expect(inspect(job.batch)).toBe('Batch(b: 1 jobs)')
  expect(inspect(new Batch().newJob().output('x'))).toBe('JobResourceFile(1 › x)')
  expect(inspect(new Batch().readInput('/a/b'))).toBe('InputResourceFile(/a/b)')
  expect(inspect(new Batch().readInputGroup({ a: '/a', b: '/b' }))).toBe('ResourceGroup(a, b)')
})

test('a file’s text is letters, digits and _ only, and its own', () => {
  const [one, two] = [open(), open()]
  expect(String(one.output('a'))).toMatch(/^[A-Za-z0-9_]+$/)
  expect(String(one.output('a'))).toBe(one.output('a').toJSON())
  expect(new Set([one, two].flatMap((job) => ['a', 'b'].map((name) => String(job.output(name))))).size).toBe(4)
})
