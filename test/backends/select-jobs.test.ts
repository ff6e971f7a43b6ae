import { describe, expect, test } from 'vitest'
import type { JobStatus } from '../../client/src/backends/job-status.ts'
import { selectJobs } from '../../client/src/backends/queries/select-jobs.ts'

const base: JobStatus = {
  id: 1,
  name: undefined,
  state: 'Success',
  reason: undefined,
  attributes: {},
  attempt: 1,
  worker: 'local.1',
  exitCode: 0,
  readyAt: undefined,
  startedAt: new Date('2026-01-01T10:00:00Z'),
  endedAt: new Date('2026-01-01T10:01:00Z'),
  durationMs: 60_000,
  cost: 0,
}

const jobs: readonly JobStatus[] = [
  { ...base, id: 1, name: 'align-a', attributes: { sample: 'A 1' } },
  { ...base, id: 2, name: 'align-b', state: 'Failed', exitCode: 3, attributes: { sample: 'B' } },
  { ...base, id: 3, name: 'merge', state: 'Pending', exitCode: undefined, durationMs: undefined, worker: undefined },
  { ...base, id: 4, state: 'Cancelled', exitCode: undefined, attributes: { odd: 'x=y' } },
]

const ids = (query: Parameters<typeof selectJobs>[0]) => jobs.filter(selectJobs(query).isWanted).map((job) => job.id)

describe('selecting jobs', () => {
  test('takes a state, several, or a word for several', () => {
    expect(ids({})).toEqual([1, 2, 3, 4])
    expect(ids({ state: 'Failed' })).toEqual([2])
    expect(ids({ state: ['Failed', 'Pending'] })).toEqual([2, 3])
    expect(ids({ state: 'live' })).toEqual([3])
    expect(ids({ state: 'done' })).toEqual([1, 2, 4])
    expect(ids({ state: 'bad' })).toEqual([2, 4])
  })

  test('takes a name: a text is the whole name, a pattern finds', () => {
    expect(ids({ name: 'merge' })).toEqual([3])
    expect(ids({ name: 'align' })).toEqual([])
    expect(ids({ name: /^align/g })).toEqual([1, 2])
    expect(ids({ name: /align/, state: 'bad' })).toEqual([2])
  })

  test('understands words of the query language', () => {
    expect(ids('')).toEqual([1, 2, 3, 4])
    expect(ids('align')).toEqual([1, 2])
    expect(ids('"align"')).toEqual([])
    expect(ids('"merge"')).toEqual([3])
    expect(ids('sample')).toEqual([1, 2])
  })

  test('understands comparisons, one per line, all of which must hold', () => {
    expect(ids('state = bad\nname =~ align')).toEqual([2])
    expect(ids('state != success')).toEqual([2, 3, 4])
    expect(ids('sample = "A 1"')).toEqual([1])
    expect(ids('sample != B')).toEqual([1, 3, 4])
    expect(ids('odd = x=y')).toEqual([4])
    expect(ids('job_id >= 3')).toEqual([3, 4])
    expect(ids('exit_code != 0')).toEqual([2])
    expect(ids('duration > 59\nduration<=60')).toEqual([1, 2, 4])
    expect(ids('start_time < 2026-01-01T10:00:01Z\njob_id == 2')).toEqual([2])
    expect(ids('instance !~ local')).toEqual([3])
  })

  test.each([
    ['state = Broken', /'state = Broken'.*'Broken' is no state/],
    ['job_id > many', /'many' is not a number/],
    ['start_time > soon', /'soon' is not a time/],
    ['cost =~ 3', /'=~' is for text/],
    ['name > a', /'>' is for numbers and times/],
  ])('refuses %s', (query, message) => {
    expect(() => selectJobs(query)).toThrow(message)
  })

  test('refuses an unknown state by name', () => {
    // @ts-expect-error not a state
    expect(() => selectJobs({ state: 'Broken' })).toThrow(/'Broken' is no state/)
  })
})
