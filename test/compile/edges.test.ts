import fc from 'fast-check'
import { maxShardJobs } from 'graupel/model'
import { expect, test } from 'vitest'
import type { BatchSpec } from '../../client/src/compile/batch-spec.ts'
import { compile } from '../../client/src/compile/compile.ts'
import { edgesOf, expectBounds } from './check-plan.ts'
import { sampleJob, sampleSpec, sampleTemplate, sha256, specOf } from './sample-spec.ts'

const numbersTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index)

/** Settings large enough that a shard holds two or three jobs, so that small batches have many shards. */
const bulky = (index: number) => ({ ...sampleTemplate, env: { large: `${index} ${'x'.repeat(98_000)}` } })

/** Batches of up to 40 jobs in shards of any size, their parents before them. */
const randomBatches = fc
  .array(fc.record({ parents: fc.array(fc.nat(), { maxLength: 8 }), isBulky: fc.boolean() }), { maxLength: 40 })
  .map((jobs) =>
    sampleSpec(
      jobs.map(({ parents, isBulky }, index) =>
        sampleJob(index, index === 0 ? [] : parents.map((parent) => parent % index), {
          template: isBulky ? bulky(index) : sampleTemplate,
        }),
      ),
    ),
  )

const expectedEdges = (spec: BatchSpec, numbers: Uint32Array): Set<string> =>
  new Set(spec.jobs.flatMap((job, index) => job.parents.map((parent) => `${numbers[parent]} → ${numbers[index]}`)))

const expectFaithful = (spec: BatchSpec) => {
  const plan = compile(spec, { hash: sha256 })
  expectBounds(plan.chunks, { job: 1, shard: 0 })
  const edges = edgesOf(plan.chunks)
  expect(edges).toEqual(expectedEdges(spec, plan.numbers))
  expect(plan.edges).toBe(edges.size)
  expect(plan.jobs).toBe(spec.jobs.length)
  return plan
}

test('an edge lies in the plan exactly once, inside a shard or on a port that both shards know', () => {
  fc.assert(
    fc.property(randomBatches, (spec) => void expectFaithful(spec)),
    { numRuns: 150 },
  )
})

test('edges between shards of full size are kept, whatever the way in which layers are joined', () => {
  const layer = 700
  const shapes: Record<string, (place: number) => number[]> = {
    straight: (place) => [place],
    reversed: (place) => [layer - 1 - place],
    neighbours: (place) => [place - 1, place, place + 1].filter((parent) => parent >= 0 && parent < layer),
    scattered: (place) => [(place * 389) % layer],
    pairs: (place) => [(place * 17) % layer, (place * 31 + 5) % layer],
    halves: (place) => numbersTo(layer).filter((parent) => parent % 2 === place % 2),
    gathered: (place) => [place - (place % 7)],
  }
  for (const parentsOf of Object.values(shapes)) {
    const parents = numbersTo(2 * layer).map((index) => (index < layer ? [] : parentsOf(index - layer)))
    expectFaithful(specOf(parents))
  }
})

test('a job given as a parent twice is one edge', () => {
  const plan = expectFaithful(specOf([[], [0, 0, 0], [1, 0, 1]]))
  expect(plan.edges).toBe(3)
})

test('the maker of an input is a parent, named as one or not', () => {
  const jobs = [sampleJob(0, []), sampleJob(1, [])]
  const reader = sampleJob(2, [1])
  const input = { kind: 'job' as const, job: 0, path: 'job-0/out' }
  const spec = sampleSpec([...jobs, { ...reader, detail: { ...reader.detail, inputs: [input] } }])
  const plan = compile(spec, { hash: sha256 })
  expect(edgesOf(plan.chunks)).toEqual(new Set(['1 → 3', '2 → 3']))
  expect(plan.chunks[0]?.jobs[2]?.detail).toMatchObject({ inputs: [{ kind: 'job', job: 1, path: 'job-0/out' }] })
})

test('a parent that is no job is a mistake of the caller', () => {
  expect(() => compile(specOf([[7]]), { hash: sha256 })).toThrow(/parent 7 is not the index of one of the 1 jobs/)
})

test('a join of 100,000 parents takes one port and a few bytes per pair of shards', () => {
  const jobs = 100_001
  const plan = compile(specOf(numbersTo(jobs).map((index) => (index < jobs - 1 ? [] : numbersTo(jobs - 1)))), {
    hash: sha256,
  })
  expectBounds(plan.chunks, { job: 1, shard: 0 })
  const last = plan.chunks.at(-1)
  expect(last?.inPorts).toHaveLength(plan.chunks.length - 1)
  expect(last?.inPorts[0]).toEqual({ fromShard: 0, first: 0, count: 1, children: [(last?.jobs.length ?? 0) - 1] })
  expect(plan.chunks[0]?.outPorts).toEqual([
    { toShard: plan.chunks.length - 1, first: 0, count: 1, parents: [[0, maxShardJobs - 1]] },
  ])
  expect(edgesOf(plan.chunks).size).toBe(jobs - 1)
})

test('a fan-out to 100,000 children takes one port and a few bytes per pair of shards', () => {
  const jobs = 100_001
  const plan = compile(specOf(numbersTo(jobs).map((index) => (index === 0 ? [] : [0]))), { hash: sha256 })
  expectBounds(plan.chunks, { job: 1, shard: 0 })
  expect(plan.chunks[1]?.inPorts).toEqual([{ fromShard: 0, first: 0, count: 1, children: [[0, maxShardJobs - 1]] }])
  expect(plan.chunks[0]?.outPorts).toHaveLength(plan.chunks.length - 1)
  expect(edgesOf(plan.chunks).size).toBe(jobs - 1)
})

test('jobs that follow each other one to one share a single entry on both sides', () => {
  const parents = numbersTo(2 * maxShardJobs).map((index) => (index < maxShardJobs ? [] : [index - maxShardJobs]))
  const { chunks } = compile(specOf(parents), { hash: sha256 })
  const all: [number, number] = [0, maxShardJobs - 1]
  expect(chunks[0]?.outPorts).toEqual([{ toShard: 1, first: 0, count: maxShardJobs, parents: [all] }])
  expect(chunks[1]?.inPorts).toEqual([{ fromShard: 0, first: 0, count: maxShardJobs, children: [all] }])
})

test('children with the same parents in a shard share one port', () => {
  const parents = numbersTo(2 * maxShardJobs).map((index) => (index < maxShardJobs ? [] : [3, 5, 7]))
  const { chunks } = compile(specOf(parents), { hash: sha256 })
  expect(chunks[0]?.outPorts).toEqual([{ toShard: 1, first: 0, count: 1, parents: [3, 5, 7] }])
  expect(chunks[1]?.inPorts).toEqual([{ fromShard: 0, first: 0, count: 1, children: [[0, maxShardJobs - 1]] }])
})

test('a child of each pair of jobs does not make the chunk of those jobs too large', () => {
  const samples = 300
  const pairs = numbersTo(samples).flatMap((left) => numbersTo(left).map((right) => [left, right]))
  const plan = expectFaithful(specOf([...numbersTo(samples).map(() => []), ...pairs]))
  const outPorts = plan.chunks[0]?.outPorts ?? []
  expect(outPorts.length).toBeLessThan(3 * plan.chunks.length)
})

test('a shard whose children outgrow its chunk is cut smaller', () => {
  // Each child waits for a set of its own of five of the first 500 jobs: no two share a port.
  const sources = 500
  const children = numbersTo(20_000).map((index) =>
    numbersTo(5).map((k) => (index * (k + 1) * 7 + k * k * 31) % sources),
  )
  const plan = expectFaithful(specOf([...numbersTo(sources).map(() => []), ...children]))
  expect(plan.chunks[0]?.jobs.length).toBeLessThan(sources / 2)
})
