import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { Attributes } from './attributes.ts'
import { batchOfEarlier, EarlierJob } from './earlier-job.ts'
import { inspect } from './inspect.ts'
import { batchLabel, invalidJob, type JobDraft, jobLabel } from './job-draft.ts'
import { JobSettings } from './job-settings.ts'
import { misplacedToken } from './token.ts'

/**
 * What a job can wait for.
 *
 * @example `const parents: Dependency[] = [align, batch.job(7)]`
 */
export type Dependency = Job | EarlierJob

/** A job's outputs, however they are kept. */
export interface OutputTable {
  /** `job.out`. */
  readonly proxy: object
  /** Says whose outputs they are, once. */
  attach(job: Job): void
  get(name: string): unknown
  /** Notes that a command mentions an output. */
  mention(name: string): void
}

let readDraft: (job: Job) => JobDraft
let readOutputs: (job: Job) => OutputTable
let readDependencies: (job: Job) => ReadonlySet<Dependency>

/**
 * What every job is: something to run, with settings, dependencies and outputs. `O` is the type of its outputs.
 *
 * @example
 * ```ts
 * import { Batch, type Job } from 'graupel'
 *
 * const batch = new Batch()
 * const jobs: Job[] = ['a', 'b'].map((name) => batch.newJob({ name }).command`echo ${name}`)
 * batch.newJob({ name: 'last' }).dependsOn(jobs).command`echo done`
 * ```
 */
export abstract class Job<out O = unknown> extends JobSettings {
  readonly #draft: JobDraft
  readonly #outputs: OutputTable
  readonly #dependencies = new Set<Dependency>()

  static {
    readDraft = (job) => job.#draft
    readOutputs = (job) => job.#outputs
    readDependencies = (job) => job.#dependencies
  }

  constructor(draft: JobDraft, outputs: OutputTable) {
    super(draft)
    this.#draft = draft
    this.#outputs = outputs
    outputs.attach(this)
  }

  /** The name given to `newJob`; need not be unique. */
  get name(): string | undefined {
    return this.#draft.name
  }

  /** The attributes given to `newJob`. */
  get attributes(): Attributes {
    return this.#draft.attributes
  }

  /**
   * The files that the job makes, by name. With `outputs` declared, other names are refused.
   *
   * @example `job.out.counts`
   */
  get out(): O {
    // The table makes files and groups by the very names and templates that O was inferred from.
    return this.#outputs.proxy as O
  }

  /**
   * One of the files that the job makes; also for names that are computed, or mean something else in `out`.
   *
   * @example `job.output('counts')`
   * @throws InvalidBatchError if the job declared its `outputs` without it, or no file can have this name
   */
  output<N extends keyof O & string>(name: N): O[N] {
    // As above.
    return this.#outputs.get(name) as O[N]
  }

  /**
   * Waits for other jobs of the batch, also where no file is passed on. Order and repetition do not matter.
   *
   * @example `merge.dependsOn(first, [second, third])`
   * @throws InvalidBatchError if one is of another batch
   */
  dependsOn(...jobs: (Dependency | readonly Dependency[])[]): this {
    this.change('dependsOn()')
    for (const dependency of jobs.flat()) {
      this.#checkDependency(dependency)
      this.#dependencies.add(dependency)
    }
    return this
  }

  #checkDependency(dependency: Dependency): void {
    const isJob = dependency instanceof Job
    if (!isJob && !(dependency instanceof EarlierJob))
      throw invalidJob(this.#draft, `depends on ${String(dependency)}; pass jobs of its batch, or arrays of them.`)
    const batch = isJob ? dependency.#draft.batch : batchOfEarlier(dependency)
    if (batch === this.#draft.batch) return
    const other = isJob ? jobLabel(dependency.#draft) : String(dependency.id)
    throw invalidJob(
      this.#draft,
      `depends on job ${other} of another batch, ${batchLabel(batch)}; jobs wait for jobs of their own batch only.`,
    )
  }

  /** For messages and mistakes: a job in a command is refused by this text. */
  override toString(): string {
    return misplacedToken('job')
  }

  [inspect](): string {
    return `${this.constructor.name}(${this.#draft.name ?? this.#draft.number})`
  }
}

export const draftOf = (job: Job): JobDraft => readDraft(job)

export const outputTableOf = (job: Job): OutputTable => readOutputs(job)

export const dependenciesOf = (job: Job): ReadonlySet<Dependency> => readDependencies(job)

/**
 * The number that a job got in the submitted batch.
 *
 * @throws InvalidBatchError if it has not been submitted, or to another batch
 */
export function submittedNumberOf(job: Job, batchId: string): number {
  const { submission, name, number } = readDraft(job)
  if (submission.state !== 'submitted')
    throw new InvalidBatchError({
      message: `Job ${jobLabel({ name, number })} has not been submitted; run its batch first.`,
      job: name,
    })
  if (submission.batchId !== batchId)
    throw new InvalidBatchError({
      message: `Job ${jobLabel({ name, number })} is of batch ${submission.batchId}, not ${batchId}; ask that one.`,
      job: name,
    })
  return submission.number
}
