import fc from 'fast-check'
import { type AttemptEnd, defaultRetryPolicy } from 'graupel/model'
import type { DrawnGraph, DrawnJob } from './small-plans.ts'

/** How each attempt of a job ends; the last one again for all further attempts. */
export type Behaviour = readonly AttemptEnd[]

export interface RandomBatch {
  readonly graph: DrawnGraph
  readonly sizes: readonly number[]
  readonly behaviours: readonly Behaviour[]
}

const success: AttemptEnd = { cause: 'success', exitCode: 0 }
const failed: AttemptEnd = { cause: 'failed', exitCode: 1, message: 'no luck' }
const preempted: AttemptEnd = { cause: 'preempted' }
const infrastructure: AttemptEnd = { cause: 'infrastructure' }

const behaviours: readonly Behaviour[] = [
  [success],
  [preempted, preempted, success],
  [infrastructure, infrastructure, infrastructure, success],
  [failed, success],
  [preempted, infrastructure, failed, success],
  [failed],
  [preempted, failed],
  [{ cause: 'image' }],
  [infrastructure],
  [{ cause: 'outOfMemory', exitCode: 137 }],
]

/** One retry after a failure, so that both a lucky second attempt and a final failure occur. */
const template = { retry: { ...defaultRetryPolicy, failed: 1, infrastructure: 4 } }

const aJob = (number: number) =>
  fc.record({
    parents: fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, number - 1) }), { maxLength: 4 }),
    alwaysRun: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
    // Mostly success: else nothing below the first few jobs would ever run.
    behaviour: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Behaviour>([success]) },
      { weight: 1, arbitrary: fc.constantFrom(...behaviours) },
    ),
  })

/** Up to 60 jobs in up to 6 shards. */
export const randomBatch: fc.Arbitrary<RandomBatch> = fc
  .integer({ min: 1, max: 60 })
  .chain((size) =>
    fc.record({
      jobs: fc.tuple(...Array.from({ length: size }, (_, index) => aJob(index + 1))),
      cuts: fc.uniqueArray(fc.integer({ min: 0, max: size }), { maxLength: 5 }),
    }),
  )
  .map(({ jobs, cuts }) => ({
    graph: jobs.map(
      ({ parents, alwaysRun }, index): DrawnJob => ({
        parents: index === 0 ? [] : parents,
        template: { ...template, alwaysRun },
      }),
    ),
    sizes: sizesOf(cuts, jobs.length),
    behaviours: jobs.map((job) => job.behaviour),
  }))

function sizesOf(cuts: readonly number[], jobs: number): number[] {
  const bounds = [...new Set([0, ...cuts, jobs])].sort((left, right) => left - right)
  return bounds.slice(1).map((bound, index) => bound - (bounds[index] ?? 0))
}

/** How such a batch must end, whatever happens on the way: one letter for each job. */
export function expectedOutcome({ graph, behaviours }: RandomBatch): string {
  let letters = ''
  for (const [index, { parents, template }] of graph.entries()) {
    const isRun = template?.alwaysRun === true || parents.every((parent) => letters[parent - 1] === 'S')
    letters += isRun ? letterOfRun(behaviours[index] ?? []) : 'X'
  }
  return letters
}

function letterOfRun(behaviour: Behaviour): string {
  const ends = [...behaviour, ...Array.from({ length: 30 }, () => behaviour.at(-1) ?? success)]
  let failures = 0
  let losses = 0
  for (const { cause } of ends) {
    if (cause === 'success') return 'S'
    if (cause === 'image') return 'E'
    if (cause === 'outOfMemory') return 'F'
    if (cause === 'failed' && ++failures > template.retry.failed) return 'F'
    if (cause === 'infrastructure' && ++losses > template.retry.infrastructure) return 'E'
  }
  throw new Error(`a job that ends by ${behaviour.map((end) => end.cause)} never ends`)
}
