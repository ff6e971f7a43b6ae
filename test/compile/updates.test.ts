import { expect, test } from 'vitest'
import { compile } from '../../client/src/compile/compile.ts'
import { EarlierEdgesTooLarge } from '../../client/src/compile/earlier-edges-too-large.ts'
import { shardLocator } from '../../client/src/compile/locate-shard.ts'
import { edgesOf, expectBounds } from './check-plan.ts'
import { sampleJob, sampleSpec, sha256 } from './sample-spec.ts'

/** Three earlier shards, of 512, 100 and 400 jobs. */
const shardOfJob = shardLocator([
  { shard: 0, firstJob: 1 },
  { shard: 1, firstJob: 513 },
  { shard: 2, firstJob: 613 },
])
const options = { hash: sha256, firstJob: 1013, firstShard: 3, shardOfJob }

test('jobs and shards of an update are numbered on', () => {
  const plan = compile(sampleSpec(Array.from({ length: 600 }, (_, index) => sampleJob(index, []))), options)
  expect(plan.numbers[0]).toBe(1013)
  expectBounds(plan.chunks, { job: 1013, shard: 3 })
  expect(plan.attached).toEqual([])
})

test('parents of an earlier submission get out-ports attached to their shards', () => {
  const jobs = [
    sampleJob(0, [], { earlierParents: [700, 1, 2] }),
    sampleJob(1, [0], { earlierParents: [2, 1, 1] }),
    sampleJob(2, [], { earlierParents: [513] }),
  ]
  const plan = compile(sampleSpec(jobs), options)
  expect(plan.attached).toEqual([
    { shard: 0, outPorts: [{ toShard: 3, first: 0, count: 1, parents: [[0, 1]] }] },
    { shard: 1, outPorts: [{ toShard: 3, first: 1, count: 1, parents: [0] }] },
    { shard: 2, outPorts: [{ toShard: 3, first: 2, count: 1, parents: [87] }] },
  ])
  expect(plan.chunks[0]?.inPorts).toEqual([
    { fromShard: 0, first: 0, count: 1, children: [[0, 1]] },
    { fromShard: 1, first: 1, count: 1, children: [2] },
    { fromShard: 2, first: 2, count: 1, children: [0] },
  ])
  expect(plan.edges).toBe(7)
})

test('the file of an earlier job is an edge, and its input has the job’s own number', () => {
  const job = sampleJob(0, [])
  const detail = { ...job.detail, inputs: [{ kind: 'job' as const, job: -600, path: 'old/out' }] }
  const plan = compile(sampleSpec([{ ...job, detail }]), options)
  expect(plan.attached[0]?.outPorts).toEqual([{ toShard: 3, first: 0, count: 1, parents: [87] }])
  expect(plan.chunks[0]?.jobs[0]?.detail).toMatchObject({ inputs: [{ job: 600 }] })
})

test('other earlier parents give another plan hash', () => {
  const hashOf = (parent: number) =>
    compile(sampleSpec([sampleJob(0, [], { earlierParents: [parent] })]), options).planHash
  expect(hashOf(5)).not.toBe(hashOf(6))
})

test('each pair of 400 earlier jobs may have a child', () => {
  const pairs = Array.from({ length: 400 }, (_, left) =>
    Array.from({ length: left }, (_, right) => [left, right]),
  ).flat()
  const jobs = pairs.map((pair, index) => sampleJob(index, [], { earlierParents: pair.map((place) => 613 + place) }))
  const plan = compile(sampleSpec(jobs), options)
  expectBounds(plan.chunks, { job: 1013, shard: 3 })
  expect(edgesOf(plan.chunks, new Map(plan.attached.map(({ shard, outPorts }) => [shard, outPorts]))).size).toBe(
    2 * pairs.length,
  )
})

test('more ways to depend on one old shard than a document holds are refused', () => {
  // 40,000 children with a different set each of 50 parents.
  const jobs = Array.from({ length: 40_000 }, (_, index) => {
    const earlierParents = Array.from({ length: 25 }, (_, k) => 1 + ((index * (2 * k + 1) + k * k * 13) % 512))
    return sampleJob(index, [], { earlierParents })
  })
  expect(() => compile(sampleSpec(jobs), options)).toThrow(EarlierEdgesTooLarge)
})

test('a number that is no earlier job is a mistake of the caller', () => {
  const spec = sampleSpec([sampleJob(0, [], { earlierParents: [1013] })])
  expect(() => compile(spec, options)).toThrow(/earlier parent 1013 is not the number of an earlier job, 1 to 1012/)
})
