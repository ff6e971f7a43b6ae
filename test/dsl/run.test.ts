import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Backend, Batch, InvalidBatchError } from 'graupel'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecordingBackend } from './recording-backend.ts'

let backend: RecordingBackend
let folder: string
beforeEach(async () => {
  backend = new RecordingBackend()
  folder = await mkdtemp(join(tmpdir(), 'graupel-dsl-'))
})
afterEach(() => rm(folder, { recursive: true }))

const names = () => backend.submissions.map(({ spec }) => spec.jobs.map(({ name }) => name))

test('a later run submits what is new, and knows the numbers of what is not', async () => {
  const batch = new Batch({ backend })
  const first = batch.newJob({ name: 'first' }).command`true`
  const run = await batch.run()
  expect(run.id).toBe('batch0001')
  batch.newJob({ name: 'second' }).dependsOn(first, batch.job(1)).command`true`
  await batch.run()
  await batch.run()
  expect(names()).toEqual([['first'], ['second'], []])
  expect(backend.submissions.map(({ batchId }) => batchId)).toEqual([undefined, 'batch0001', 'batch0001'])
  expect(backend.submissions[1]?.spec.jobs[0]).toMatchObject({ parents: [], earlierParents: [1] })
})

test('a submitted job cannot be changed', async () => {
  const batch = new Batch({ backend })
  const job = batch.newJob({ name: 'x', outputs: ['a'] }).command`true`
  await batch.run()
  const late = [
    () => job.cpu(1),
    () => job.command`ls`,
    () => job.dependsOn(job),
    () => job.out.a.addExtension('.b'),
    () => job.declareResourceGroup({ g: { a: '{root}' } }),
    () => job.env('A', 'b'),
  ]
  for (const change of late)
    expect(change).toThrow(/^Job 'x' has been submitted: \w+\(\) comes too late. Make a new job/)
})

test('a submission that fails can be repeated, with its jobs and writes', async () => {
  const batch = new Batch({ backend })
  const job = batch.newJob({ name: 'x', outputs: ['a'] })
  job.command`touch ${job.out.a}`
  batch.writeOutput(job.out.a, '/a')
  backend.failure = new Error('no luck')
  await expect(batch.run()).rejects.toThrow('no luck')
  job.cpu(2)
  await batch.run()
  expect(backend.submissions[1]?.spec.jobs[0]).toMatchObject({
    template: { cpuMillis: 2000 },
    detail: { outputs: [{ destinations: ['file:///a'] }] },
  })
})

test('runs of one batch submit one after the other', async () => {
  const batch = new Batch({ backend })
  const gate = Promise.withResolvers<void>()
  backend.gate = gate.promise
  batch.newJob({ name: 'a' })
  const first = batch.run()
  batch.newJob({ name: 'b' })
  const second = batch.run()
  gate.resolve()
  await Promise.all([first, second])
  expect(names()).toEqual([['a'], ['b']])
  expect(backend.submissions[1]?.batchId).toBe('batch0001')
})

test('files of an earlier run are read by the number of their job, if they were kept', async () => {
  const batch = new Batch({ backend })
  const job = batch.newJob({ name: 'make' })
  job.command`touch ${job.output('a')}`
  await batch.run({ deleteScratchOnExit: false })
  batch.newJob({ name: 'use' }).command`cat ${job.output('a')}`
  batch.writeOutput(job.output('a'), '/a')
  await batch.run()
  const [use, write] = backend.submissions[1]?.spec.jobs ?? []
  expect(use).toMatchObject({ earlierParents: [1], detail: { inputs: [{ kind: 'job', job: -1, path: 'make-1/a' }] } })
  expect(write).toMatchObject({
    name: 'write-inputs',
    earlierParents: [1],
    detail: { directory: 'write-inputs-02', outputs: [{ path: 'make-1/a', destinations: ['file:///a'] }] },
  })
})

test('files of an earlier run that were deleted are refused by name', async () => {
  const batch = new Batch({ backend })
  const job = batch.newJob({ name: 'make' })
  job.command`touch ${job.output('a')}`
  await batch.run()
  batch.newJob({ name: 'use' }).command`cat ${job.output('a')}`
  await expect(batch.run()).rejects.toThrow(
    "Job 'use' needs the file 'a' of job 'make', which ran earlier and whose files are deleted; run it with deleteScratchOnExit: false.",
  )
})

test('a batch found by its id depends on its jobs by number, and has folders of its own', async () => {
  const program = async (token?: string) => {
    const batch = await Batch.fromBatchId('batch0007', { backend })
    const job = batch.newJob({ name: 'x' }).dependsOn(batch.job(7))
    job.command`cat ${batch.readInput('/dev/null')} > ${job.output('a')}`
    await batch.run({ token })
    return backend.submissions.at(-1)
  }
  const submission = await program('t')
  expect(submission).toMatchObject({ batchId: 'batch0007', spec: { jobs: [{ earlierParents: [7] }] } })
  expect((await program('t'))?.spec).toEqual(submission?.spec)
  expect((await program())?.spec.jobs[0]?.detail.directory).not.toBe(submission?.spec.jobs[0]?.detail.directory)
})

test('earlier jobs are those of a submitted batch', async () => {
  const batch = new Batch({ name: 'b', backend })
  expect(() => batch.job(1)).toThrow("Batch 'b' has not been submitted, so it has no earlier job 1; use the job itself")
  const found = await Batch.fromBatchId('batch0007', { backend })
  expect(() => found.job(0)).toThrow('Batch batch0007 has no job 0; numbers of jobs start at 1.')
  expect(() => batch.newJob({ name: 'x' }).dependsOn(found.job(1))).toThrow("Job 'x' depends on job 1 of another batch")
})

test('local inputs are looked for before anything is sent', async () => {
  const batch = new Batch({ backend })
  const path = join(folder, 'words')
  batch.newJob({ name: 'count' }).command`wc ${batch.readInput(path)}`
  const missing = `The input ${path} of job 'count' is not there; check its name.`
  await expect(batch.run()).rejects.toThrow(missing)
  await expect(batch.run({ dryRun: true })).rejects.toThrow(missing)
  expect(backend.submissions).toEqual([])
  await writeFile(path, '')
  await batch.run()
  expect(names()).toEqual([['count']])
})

test.each([
  [{ callback: 'there' }, "run: the callback 'there' is no URL; write one of http or https."],
  [{ callback: new URL('ftp://a/b') }, "run: the callback 'ftp://a/b' is no URL"],
  [{ token: '' }, 'run: the token is empty; write a text, or leave it out.'],
])('run with %j is refused', async (options, message) => {
  await expect(new Batch({ backend }).run(options)).rejects.toThrow(InvalidBatchError)
  await expect(new Batch({ backend }).run(options)).rejects.toThrow(message)
})

test('a backend that cannot run says so', async () => {
  class Idle extends Backend {}
  await expect(new Batch({ name: 'b', backend: new Idle() }).run()).rejects.toThrow(
    "Batch 'b' cannot run: Idle does not implement runBatch",
  )
  await expect(Batch.fromBatchId('b1', { backend: new Idle() })).rejects.toThrow(
    "Batch 'b1' cannot be found: Idle does not implement findBatch",
  )
  await new Idle().close()
  await using idle = new Idle()
  expect(idle).toBeInstanceOf(Backend)
})

test('a job is known to its batch, and a running batch knows its jobs', async () => {
  const batch = new Batch({ name: 'b', attributes: { a: 'x' }, requesterPaysProject: 'p', backend })
  expect(batch).toMatchObject({ name: 'b', attributes: { a: 'x' }, requesterPaysProject: 'p' })
  const job = batch.newJob({ name: 'x', attributes: { k: 'v' } })
  expect(job.batch).toBe(batch)
  expect(job).toMatchObject({ name: 'x', attributes: { k: 'v' } })
  const run = await batch.run()
  const later = batch.newJob({ name: 'later' })
  expect(() => run.job(later)).toThrow("Job 'later' has not been submitted; run its batch first.")
  const other = await Batch.fromBatchId('batch0009', { backend })
  const stranger = other.newJob({ name: 'stranger' })
  await other.run()
  expect(() => run.job(stranger)).toThrow("Job 'stranger' is of batch batch0009, not batch0001; ask that one.")
})
