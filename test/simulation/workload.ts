import { type BatchId, batchId, defaultRetryPolicy, type JobTemplate } from 'graupel/model'
import type { BatchSpec, JobSpec } from '../../client/src/compile/batch-spec.ts'
import type { Random } from './random.ts'

/** What a job will do, whoever runs it. */
export interface JobPlan {
  readonly name: string
  readonly batch: BatchId
  /** By name. */
  readonly parents: readonly string[]
  readonly alwaysRun: boolean
  readonly isBarrier: boolean
  /** Its commands end with exit code 1 so many times; `Infinity`: always. */
  readonly failures: number
  readonly retries: number
  readonly durationMs: number
  readonly destination: string | undefined
  readonly alwaysCopyOutput: boolean
}

export interface Submission {
  readonly token: string
  readonly afterMs: number
  readonly spec: BatchSpec
  readonly jobs: readonly JobPlan[]
}

export interface BatchPlan {
  readonly id: BatchId
  readonly submissions: readonly Submission[]
  readonly maxShardJobs: number
  readonly cancelAfterMs: number | undefined
  /** A job by its place in the first submission, and when it is cancelled. */
  readonly cancelJob: { readonly index: number; readonly afterMs: number } | undefined
  readonly cancelAfterNFailures: number | undefined
  readonly deleteScratch: boolean
}

export interface WorkloadOptions {
  /** No failures, no cancellation: everything succeeds. */
  readonly isCalm: boolean
  readonly batches?: number | undefined
  readonly jobs?: number | undefined
  readonly shape?: Shape | undefined
  readonly maxShardJobs?: number | undefined
  /** Every batch is cancelled some time after its start. */
  readonly isCancelled?: boolean | undefined
  /** No job takes longer. */
  readonly longestMs?: number | undefined
  /** The first job takes so long. */
  readonly firstJobMs?: number | undefined
}

const shapes = ['chain', 'wide', 'diamond', 'random', 'join'] as const
export type Shape = (typeof shapes)[number]

/** The text that an attempt's output file holds. */
export const outputText = (job: string, attempt: number): string => `${job} by attempt ${attempt}`

export const outputPath = (name: string): string => `${name}/out`

export function drawWorkload(random: Random, options: WorkloadOptions): BatchPlan[] {
  const count = options.batches ?? random.pick([1, 1, 2])
  return Array.from({ length: count }, (_, index) => drawBatch(random, options, index))
}

function drawBatch(random: Random, options: WorkloadOptions, index: number): BatchPlan {
  const id = batchId(`batch${index}${random.whole(100_000, 999_999)}`)
  const cancelAfterNFailures = !options.isCalm && random.chance(0.3) ? random.whole(1, 3) : undefined
  const count = options.jobs ?? random.whole(5, random.pick([10, 20, 40]))
  const first = drawSubmission(random, options, { id, count, from: 0, cancelAfterNFailures, earlier: [] })
  const submissions = [first]
  if (random.chance(0.25))
    submissions.push(
      drawSubmission(random, options, {
        id,
        count: random.whole(1, 8),
        from: count,
        cancelAfterNFailures,
        earlier: first.jobs,
      }),
    )
  return {
    id,
    submissions,
    maxShardJobs: options.maxShardJobs ?? random.pick([1, 2, 3, 4, 8]),
    cancelAfterMs:
      options.isCancelled || (!options.isCalm && random.chance(0.2)) ? random.between(1000, 600_000) : undefined,
    cancelJob:
      !options.isCalm && random.chance(0.2)
        ? { index: random.whole(0, count - 1), afterMs: random.between(1000, 400_000) }
        : undefined,
    cancelAfterNFailures,
    deleteScratch: random.chance(0.2),
  }
}

interface Wanted {
  readonly id: BatchId
  readonly count: number
  /** The number of jobs that the batch has already. */
  readonly from: number
  readonly cancelAfterNFailures: number | undefined
  readonly earlier: readonly JobPlan[]
}

function drawSubmission(random: Random, options: WorkloadOptions, wanted: Wanted): Submission {
  const { id, count, from, cancelAfterNFailures, earlier } = wanted
  const shape = options.shape ?? random.pick(shapes)
  const parents = Array.from({ length: count }, (_, index) => drawParents(random, shape, index, count))
  const earlierParents = parents.map(() => (earlier.length > 0 && random.chance(0.3) ? [random.pick(earlier)] : []))
  const jobs = parents.map((own, index) =>
    drawJob(random, options, {
      batch: id,
      name: nameOf(id, from + index),
      parents: [
        ...own.map((parent) => nameOf(id, from + parent)),
        ...(earlierParents[index] ?? []).map((parent) => parent.name),
      ],
    }),
  )
  return {
    token: `token${from}`,
    afterMs: from === 0 ? random.between(0, 60_000) : random.between(0, 600_000),
    jobs,
    spec: {
      name: id,
      attributes: {},
      cancelAfterNFailures,
      jobs: jobs.map((job, index) => specOf(job, parents[index] ?? [], jobs)),
    },
  }
}

const nameOf = (batch: BatchId, index: number): string => `${batch}-${index}`

function drawParents(random: Random, shape: Shape, index: number, count: number): number[] {
  if (index === 0) return []
  switch (shape) {
    case 'chain':
      return [index - 1]
    case 'wide':
      return random.chance(0.5) ? [0] : []
    case 'diamond':
      return index === count - 1 ? Array.from({ length: count - 2 }, (_, place) => place + 1) : [0]
    case 'join':
      return index === count - 1 ? Array.from({ length: count - 1 }, (_, place) => place) : []
    case 'random': {
      const parents = Array.from({ length: random.whole(0, 3) }, () => random.whole(0, index - 1))
      return [...new Set(parents)].sort((left, right) => left - right)
    }
    default:
      return shape satisfies never
  }
}

function drawJob(
  random: Random,
  { isCalm, firstJobMs, longestMs = 360_000 }: WorkloadOptions,
  job: Pick<JobPlan, 'batch' | 'name' | 'parents'>,
): JobPlan {
  const kind = isCalm ? 'good' : random.pick(['good', 'good', 'good', 'good', 'good', 'good', 'flaky', 'hopeless'])
  const retries = kind === 'good' ? 0 : random.whole(0, 3)
  const isLong = firstJobMs !== undefined && job.name.endsWith('-0')
  const isBarrier = random.chance(0.05) && !isLong
  return {
    ...job,
    alwaysRun: random.chance(0.15),
    isBarrier,
    failures: kind === 'hopeless' ? Number.POSITIVE_INFINITY : kind === 'flaky' ? random.whole(0, retries) : 0,
    retries,
    durationMs: isLong ? firstJobMs : Math.min(longestMs, drawDuration(random)),
    destination: !isBarrier && random.chance(0.5) ? `memory:///kept/${job.name}` : undefined,
    alwaysCopyOutput: random.chance(0.3),
  }
}

const drawDuration = (random: Random): number =>
  random.pick([200, 2000, 20_000, 60_000, 240_000]) * random.between(0.5, 1.5)

function specOf(job: JobPlan, parents: readonly number[], jobs: readonly JobPlan[]): JobSpec {
  const path = outputPath(job.name)
  const inputs = job.isBarrier
    ? []
    : parents.flatMap((parent) => {
        const made = jobs[parent]
        return made === undefined || made.isBarrier
          ? []
          : [{ kind: 'job' as const, job: parent, path: outputPath(made.name) }]
      })
  const destinations = job.destination === undefined ? [] : [job.destination]
  return {
    name: job.name,
    attributes: undefined,
    template: templateOf(job),
    detail: {
      task: job.isBarrier ? { kind: 'barrier' } : { kind: 'bash', shell: '/bin/bash', script: ['run'] },
      directory: job.name,
      inputs,
      links: [],
      outputs: job.isBarrier ? [] : [{ name: 'out', path, isNeeded: true, destinations }],
    },
    parents,
    earlierParents: [],
  }
}

const templateOf = (job: JobPlan): JobTemplate => ({
  env: {},
  cpuMillis: 1000,
  memoryBytes: 2 ** 30,
  storageBytes: 0,
  alwaysRun: job.alwaysRun,
  alwaysCopyOutput: job.alwaysCopyOutput,
  spot: true,
  retry: { ...defaultRetryPolicy, failed: job.retries },
})
