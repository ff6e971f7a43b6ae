import { Batch, concatenate, InvalidBatchError, type ResourceFile } from 'graupel'
import { describe, expect, test } from 'vitest'
import { scriptOf, specOf } from '../dsl/script-of.ts'

const filesOf = (batch: Batch, count: number): ResourceFile[] =>
  Array.from({ length: count }, (_, index) => {
    const job = batch.newJob({ name: `make-${index}`, outputs: ['text'] })
    job.command`echo ${index} > ${job.out.text}`
    return job.out.text
  })

const namesOf = (batch: Batch) => batch.selectJobs('concatenate-').map(({ name }) => name)

describe('concatenate', () => {
  test('makes a tree of jobs, named by level and number', () => {
    const batch = new Batch()
    concatenate(batch, filesOf(batch, 10), { branchingFactor: 2 })
    expect(namesOf(batch)).toEqual([
      ...[1, 2, 3, 4, 5].map((number) => `concatenate-1-${number}`),
      ...[1, 2, 3].map((number) => `concatenate-2-${number}`),
      ...[1, 2].map((number) => `concatenate-3-${number}`),
      'concatenate-4-1',
    ])
  })

  test('merges 100 files at a time unless told otherwise', () => {
    const batch = new Batch()
    concatenate(batch, filesOf(batch, 101))
    expect(namesOf(batch)).toEqual(['concatenate-1-1', 'concatenate-1-2', 'concatenate-2-1'])
  })

  test('returns a single file as it is, without a job', () => {
    const batch = new Batch()
    const input = batch.readInput('/dev/null')
    expect(concatenate(batch, [input])).toBe(input)
    expect(namesOf(batch)).toEqual([])
  })

  test('keeps the order of its files, made and read', () => {
    const batch = new Batch()
    const [made] = filesOf(batch, 1)
    if (made === undefined) throw new Error('no file')
    concatenate(batch, [batch.readInput('/tmp/first'), made])
    const [job] = batch.selectJobs('concatenate-1-1')
    expect(
      specOf(batch)
        .jobs.at(-1)
        ?.detail.inputs.map(({ path }) => path),
    ).toEqual(['inputs/1/first', 'make-0-1/text'])
    expect(job?.name).toBe('concatenate-1-1')
  })

  test('asks for the image it is told, and a shell that images have', () => {
    const batch = new Batch({ defaultImage: 'default:1' })
    concatenate(batch, filesOf(batch, 2), { image: 'own:1' })
    concatenate(batch, filesOf(batch, 2))
    const jobs = specOf(batch).jobs.filter(({ name }) => name === 'concatenate-1-1')
    expect(jobs.map(({ template }) => template.image)).toEqual(['own:1', 'default:1'])
    expect(jobs[0]?.detail.task).toMatchObject({ shell: '/bin/sh' })
    const other = new Batch({ defaultShell: '/busybox/sh' })
    concatenate(other, filesOf(other, 2))
    expect(specOf(other).jobs.at(-1)?.detail.task).toMatchObject({ shell: '/busybox/sh' })
  })

  test('never gives one program more than a hundred paths', () => {
    const batch = new Batch()
    const merged = concatenate(batch, filesOf(batch, 250), { branchingFactor: 1000 })
    const job = merged.source()
    if (job === undefined) throw new Error('no job')
    // A job of another kind has no script.
    const lines = scriptOf(job as Parameters<typeof scriptOf>[0])
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => line.split(' ').length - 3)).toEqual([100, 100, 50])
    expect(lines.map((line) => line.replaceAll(/[^>]/g, ''))).toEqual(['>', '>>', '>>'])
  })

  test('plans a tree over a million files', () => {
    const batch = new Batch()
    const inputs = Array.from({ length: 1_000_000 }, () => batch.readInput('/dev/null'))
    concatenate(batch, inputs)
    expect(namesOf(batch)).toHaveLength(10_000 + 100 + 1)
    expect(namesOf(batch).at(-1)).toBe('concatenate-3-1')
  })
})

describe('concatenate refuses', () => {
  const batch = new Batch({ name: 'own' })
  const input = batch.readInput('/dev/null')
  const foreign = new Batch({ name: 'other' }).readInput('/dev/null')

  test.each([
    ['no files', [], {}, 'concatenate: there are no files to merge; pass an array of at least one.'],
    [
      'a factor of 1',
      [input],
      { branchingFactor: 1 },
      'concatenate: the branchingFactor is 1; write a whole number of',
    ],
    [
      'half a factor',
      [input],
      { branchingFactor: 2.5 },
      'the branchingFactor is 2.5; write a whole number of at least',
    ],
    ['no factor', [input], { branchingFactor: Number.NaN }, 'the branchingFactor is NaN; write a whole number of'],
    [
      'a file of another batch',
      [input, foreign],
      {},
      "concatenate: file 2 is of another batch, 'other'; let that one write it, and read it here.",
    ],
  ])('%s', (_, files, options, message) => {
    expect(() => concatenate(batch, files, options)).toThrow(InvalidBatchError)
    expect(() => concatenate(batch, files, options)).toThrow(message)
  })

  test.each([
    ['a path', '/tmp/x', "file 1 is the text '/tmp/x'; pass files, such as job.out.name."],
    ['a job', batch.newJob(), 'file 1 is a job; pass files, such as job.out.name.'],
    ['all outputs', batch.newJob().out, 'file 1 is all of job.out; pass files'],
  ])('%s, where the compiler is not asked', (_, value, message) => {
    // As from JavaScript.
    expect(() => concatenate(batch, [value as unknown as ResourceFile])).toThrow(`concatenate: ${message}`)
  })
})
