import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../client/src/compile/compile.ts'
import { CycleFound } from '../../client/src/compile/cycle-found.ts'
import { edgesOf } from './check-plan.ts'
import { sha256, specOf } from './sample-spec.ts'

const compileOf = (parents: readonly (readonly number[])[]) => compile(specOf(parents), { hash: sha256 })

/** Graphs without cycles whose jobs were created in any order. */
const shuffledGraphs = fc.integer({ min: 1, max: 30 }).chain((jobs) =>
  fc.record({
    places: fc.shuffledSubarray(
      Array.from({ length: jobs }, (_, index) => index),
      { minLength: jobs, maxLength: jobs },
    ),
    edges: fc.array(fc.tuple(fc.nat(jobs - 1), fc.nat(jobs - 1)), { maxLength: 80 }),
  }),
)

const parentsIn = ({ places, edges }: { places: number[]; edges: [number, number][] }): number[][] => {
  const parents: number[][] = places.map(() => [])
  for (const [left, right] of edges)
    if (left !== right) parents[places[Math.max(left, right)] ?? 0]?.push(places[Math.min(left, right)] ?? 0)
  return parents
}

test('every parent has a smaller number than its children, and each number is given once', () => {
  fc.assert(
    fc.property(shuffledGraphs, (graph) => {
      const parents = parentsIn(graph)
      const { numbers, chunks } = compileOf(parents)
      expect([...numbers].sort((left, right) => left - right)).toEqual(parents.map((_, index) => index + 1))
      parents.forEach((list, child) => {
        for (const parent of list) expect(numbers[parent]).toBeLessThan(numbers[child] ?? 0)
      })
      expect(edgesOf(chunks).size).toBe(
        new Set(parents.flatMap((list, child) => list.map((p) => `${p} ${child}`))).size,
      )
    }),
  )
})

test('jobs keep the order of their creation where parents come first already', () => {
  const { numbers } = compileOf([[], [0], [0], [2, 1], [], [4, 0]])
  expect([...numbers]).toEqual([1, 2, 3, 4, 5, 6])
})

test('a parent that was created too late moves to just before the first job that needs it', () => {
  const { numbers } = compileOf([[], [3], [], [], []])
  expect([...numbers]).toEqual([1, 3, 4, 2, 5])
})

test('a chain of 5,000 jobs created in reverse is numbered from its end', () => {
  const jobs = 5000
  const { numbers } = compileOf(Array.from({ length: jobs }, (_, index) => (index < jobs - 1 ? [index + 1] : [])))
  expect(numbers[0]).toBe(jobs)
  expect(numbers[jobs - 1]).toBe(1)
})

test('an empty batch has no chunk', () => {
  const plan = compileOf([])
  expect(plan).toMatchObject({ jobs: 0, edges: 0, chunks: [], attached: [] })
  expect(plan.planHash).toMatch(/^[0-9a-f]{16}$/)
})

describe('cycles', () => {
  const cycleOf = (parents: readonly (readonly number[])[]): readonly number[] => {
    try {
      compileOf(parents)
    } catch (error) {
      if (error instanceof CycleFound) return error.cycle
      throw error
    }
    throw new Error('no cycle was found')
  }

  test('a job that depends on itself is a cycle of one', () => {
    expect(cycleOf([[], [0, 1]])).toEqual([1])
  })

  test('each job of the cycle depends on the next one, and the last on the first', () => {
    const parents = [[], [4, 0], [1], [2], [3]]
    const cycle = cycleOf(parents)
    expect(cycle).toHaveLength(4)
    cycle.forEach((job, place) => {
      expect(parents[job]).toContain(cycle[(place + 1) % cycle.length])
    })
  })

  test('the shortest cycle through the jobs is named, not the first one found', () => {
    // 0 → 1 → … → 99 → 0, and a short way back from 50 to 49.
    const parents = Array.from({ length: 100 }, (_, index) => [(index + 1) % 100])
    parents[50]?.push(49)
    expect([...cycleOf(parents)].sort((left, right) => left - right)).toEqual([49, 50])
  })

  test('a cycle of 100,000 jobs is found without recursion', () => {
    const jobs = 100_000
    expect(cycleOf(Array.from({ length: jobs }, (_, index) => [(index + 1) % jobs]))).toHaveLength(jobs)
  })

  test('a cycle through the maker of an input is found as well', () => {
    const spec = specOf([[1], []])
    const [first, second] = spec.jobs
    if (first === undefined || second === undefined) throw new Error('two jobs')
    const detail = { ...second.detail, inputs: [{ kind: 'job' as const, job: 0, path: 'out' }] }
    expect(() => compile({ ...spec, jobs: [first, { ...second, detail }] }, { hash: sha256 })).toThrow(CycleFound)
  })
})
