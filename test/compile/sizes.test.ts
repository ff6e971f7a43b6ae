import { maxInlineDetailBytes, maxShardJobs } from 'graupel/model'
import { expect, test } from 'vitest'
import type { JobSpec } from '../../client/src/compile/batch-spec.ts'
import { compile } from '../../client/src/compile/compile.ts'
import { JobTooLarge } from '../../client/src/compile/job-too-large.ts'
import { expectBounds } from './check-plan.ts'
import { sampleDetail, sampleJob, sampleSpec, sampleTemplate, sha256 } from './sample-spec.ts'

const compileJobs = (jobs: readonly JobSpec[]) => compile(sampleSpec(jobs), { hash: sha256 })
const manyJobs = (count: number, change: (index: number) => Partial<JobSpec>) =>
  Array.from({ length: count }, (_, index) => sampleJob(index, [], change(index)))

test('a shard takes 512 jobs', () => {
  const { chunks } = compileJobs(manyJobs(2 * maxShardJobs + 1, () => ({})))
  expect(chunks.map(({ jobs }) => jobs.length)).toEqual([maxShardJobs, maxShardJobs, 1])
  expect(chunks.map(({ firstJob }) => firstJob)).toEqual([1, 513, 1025])
})

test('a shard of long scripts closes before its chunk is too large, in bytes and not in letters', () => {
  for (const letter of ['x', 'é', '雪', '🌨']) {
    const script = letter.repeat(Math.floor(8000 / Buffer.byteLength(letter)))
    const { chunks } = compileJobs(manyJobs(300, (index) => ({ detail: sampleDetail(index, script) })))
    expect(chunks.length).toBeGreaterThan(5)
    expectBounds(chunks, { job: 1, shard: 0 })
  }
})

test('jobs with equal settings share one template in their chunk', () => {
  const other = { ...sampleTemplate, cpuMillis: 250 }
  const { chunks } = compileJobs(
    manyJobs(600, (index) => ({ template: index % 2 === 0 ? { ...sampleTemplate } : other })),
  )
  expect(chunks[0]?.templates).toEqual([sampleTemplate, other])
  expect(chunks[1]?.templates).toEqual([sampleTemplate, other])
  expect(chunks[1]?.jobs.slice(0, 3).map(({ template }) => template)).toEqual([0, 1, 0])
})

test('a detail above 10 KiB is an object named by its content', () => {
  const detail = sampleDetail(0, 'y'.repeat(maxInlineDetailBytes))
  const { chunks, details } = compileJobs([sampleJob(0, [], { detail })])
  const text = JSON.stringify(detail)
  expect(details).toEqual(new Map([[sha256(text), text]]))
  expect(chunks[0]?.jobs[0]?.detail).toEqual({ object: sha256(text) })
})

test('a detail below 10 KiB stays in the chunk', () => {
  const { chunks, details } = compileJobs([sampleJob(0, [])])
  expect(details.size).toBe(0)
  expect(chunks[0]?.jobs[0]?.detail).toEqual(sampleDetail(0))
})

const refusalOf = (changes: Partial<JobSpec>): JobTooLarge => {
  try {
    compileJobs([sampleJob(0, []), sampleJob(1, [], changes)])
  } catch (error) {
    if (error instanceof JobTooLarge) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('a script above 64 MiB is refused, with the name, the size and the limit', () => {
  const error = refusalOf({ detail: sampleDetail(1, 'z'.repeat(65 * 2 ** 20)) })
  expect(error).toMatchObject({ job: 1, part: 'detail', limitBytes: 64 * 2 ** 20 })
  expect(error.message).toBe(
    "Job 'job 1' has a script with its list of files of 65.0 MiB, more than 64.0 MiB. Put large data into a file and pass it with readInput.",
  )
})

test('a name or attributes above 100 KiB are refused', () => {
  expect(refusalOf({ name: 'n'.repeat(101 * 1024) }).message).toMatch(/^Job 'n{80}…' has a name and attributes of 101/)
  expect(refusalOf({ attributes: { note: 'é'.repeat(60_000) } })).toMatchObject({ part: 'labels' })
})

test('settings above 100 KiB are refused', () => {
  const template = { ...sampleTemplate, env: { table: 'e'.repeat(110_000) } }
  expect(refusalOf({ template, name: undefined }).message).toMatch(/^Job number 2 of this run has settings/)
})

test('the same program gives the same plan, and another one another hash', () => {
  const hashOf = (change: (index: number) => Partial<JobSpec>) => compileJobs(manyJobs(700, change)).planHash
  expect(hashOf(() => ({}))).toBe(hashOf(() => ({})))
  expect(hashOf(() => ({}))).not.toBe(hashOf((index) => (index === 699 ? { name: 'else' } : {})))
})

test('the shards of a batch that stops after some failures tell of theirs', () => {
  const jobs = [sampleJob(0, [])]
  expect(compile(sampleSpec(jobs, 3), { hash: sha256 }).chunks[0]?.reportsFailures).toBe(true)
  expect(compile(sampleSpec(jobs), { hash: sha256 }).chunks[0]?.reportsFailures).toBe(false)
})
