import type { Backend } from '../backends/backend.ts'
import type { RunOptions } from '../backends/run-options.ts'
import type { RunningBatch } from '../backends/running-batch.ts'
import { addInput, addInputGroup } from './add-input.ts'
import { addBashJob, addFunctionJob, addPythonJob, earlierJob } from './add-job.ts'
import { addWrites } from './add-write.ts'
import type { Attributes } from './attributes.ts'
import type { BashJob } from './bash-job.ts'
import { BatchGraph } from './batch-graph.ts'
import { type BatchOptions, checkBatchOptions } from './batch-options.ts'
import type { BatchPlan } from './batch-plan.ts'
import type { EarlierJob } from './earlier-job.ts'
import type { FunctionJob } from './function-job.ts'
import type { InputResourceFile } from './input-resource-file.ts'
import { inspect } from './inspect.ts'
import type { Job } from './job.ts'
import type { BashJobOptions, FunctionJobOptions, PythonJobOptions } from './job-options.ts'
import type { PathLike } from './location.ts'
import type { AnyOutputs, GroupTemplates, NoGroups, Outputs } from './outputs.ts'
import type { PythonJob } from './python/python-job.ts'
import type { ResourceFile } from './resource-file.ts'
import type { ResourceGroup } from './resource-group.ts'
import { dryRun, runGraph } from './run-graph.ts'
import { selectJobs } from './select-jobs.ts'
import { misplacedToken } from './token.ts'

// A job knows its batch and a batch makes jobs: said here, so that the job's own file does not depend on this one.
declare module './job.ts' {
  interface Job<out O = unknown> {
    /** The batch that the job was made by. */
    readonly batch: Batch
  }
}

let readGraph: (batch: Batch) => BatchGraph

/**
 * Jobs joined by the files they pass on, and where to run them.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * const hello = batch.newJob({ name: 'hello', outputs: ['text'] })
 * hello.command`echo hello > ${hello.out.text}`
 * batch.writeOutput(hello.out.text, 'out/hello.txt')
 * const run = await batch.run()
 * console.log((await run.status()).state) // 'success'
 * ```
 */
export class Batch<out Running extends RunningBatch = RunningBatch> {
  readonly #graph: BatchGraph
  readonly #backend: () => Promise<Backend<Running>>

  static {
    readGraph = (batch) => batch.#graph
  }

  /** @throws InvalidBatchError if a name, attribute or default is not possible */
  constructor(options: BatchOptions<Running> = {}) {
    this.#graph = new BatchGraph(checkBatchOptions(options))
    this.#backend = backendOf(options)
  }

  /**
   * A batch that was submitted earlier, perhaps by another program, to add jobs to. Its jobs are there as
   * `batch.job(id)`, to depend on.
   *
   * @example `const batch = await Batch.fromBatchId('3k9x0a7mq2')`
   * @throws BatchNotFoundError if the backend knows no such batch
   */
  static async fromBatchId<Running extends RunningBatch = RunningBatch>(
    id: string,
    options: BatchOptions<Running> = {},
  ): Promise<Batch<Running>> {
    const batch = new Batch<Running>(options)
    const backend = await batch.#backend()
    batch.#graph.batchId = (await backend.findBatch(id)).id
    batch.#graph.isFound = true
    return batch
  }

  /** The name given to the batch. */
  get name(): string | undefined {
    return this.#graph.name
  }

  /** The attributes given to the batch. */
  get attributes(): Attributes {
    return this.#graph.options.attributes
  }

  /** The project billed for reading and writing buckets whose requesters pay. */
  get requesterPaysProject(): string | undefined {
    return this.#graph.options.requesterPaysProject
  }

  /**
   * Makes a job that runs shell commands. Every setter is an option too; a later setter wins.
   *
   * @example
   * ```ts
   * const count = batch.newJob({ name: 'count', cpu: 2, memory: '4Gi', outputs: ['counts'] })
   * count.command`sort ${words} | uniq -c > ${count.out.counts}`
   * ```
   * @throws InvalidBatchError if an option is not possible, or an output is declared twice
   */
  newJob<F extends string = string, G extends GroupTemplates = NoGroups>(
    options: BashJobOptions<F, G> = {},
  ): BashJob<Outputs<F, G>> {
    return addBashJob<F, G>(this.#graph, this, options)
  }

  /** The same as `newJob`. */
  newBashJob<F extends string = string, G extends GroupTemplates = NoGroups>(
    options: BashJobOptions<F, G> = {},
  ): BashJob<Outputs<F, G>> {
    return this.newJob(options)
  }

  /**
   * Makes a job that calls TypeScript functions. Every setter is an option too; a later setter wins.
   *
   * @example
   * ```ts
   * const fit = batch.newFunctionJob({ name: 'fit', cpu: 2, memory: '4Gi' })
   * const model = fit.call(train, features, labels)
   * ```
   * @throws InvalidBatchError if an option is not possible, or an output is declared twice
   */
  newFunctionJob<F extends string = string, G extends GroupTemplates = NoGroups>(
    options: FunctionJobOptions<F, G> = {},
  ): FunctionJob<Outputs<F, G>> {
    return addFunctionJob<F, G>(this.#graph, this, options)
  }

  /**
   * Makes a job that calls Python functions. Every setter is an option too; a later setter wins.
   *
   * @example
   * ```ts
   * const fit = batch.newPythonJob({ name: 'fit', image: 'python:3.13-slim', memory: '4Gi' })
   * const model = fit.call(pythonFunction('fit.py', 'train'), features, labels)
   * ```
   * @throws InvalidBatchError if an option is not possible, or an output is declared twice
   */
  newPythonJob<F extends string = string, G extends GroupTemplates = NoGroups>(
    options: PythonJobOptions<F, G> = {},
  ): PythonJob<Outputs<F, G>> {
    return addPythonJob<F, G>(this.#graph, this, options)
  }

  /**
   * A job submitted earlier, by its number in the batch, 1…n: it can be depended on.
   *
   * @example `(await Batch.fromBatchId(id)).job(7)`
   * @throws InvalidBatchError if the batch has not been submitted, or it is no such number
   */
  job(id: number): EarlierJob {
    return earlierJob(this.#graph, id)
  }

  /**
   * A file or folder to read: a path, which starts at the current directory (`~/` at home), or `gs://bucket/name`; or
   * a URL of either. It keeps its base name, and a local file its right to be run. Each call makes a copy of its own.
   *
   * @example `batch.readInput('data/words.txt')`
   * @throws InvalidBatchError if it is no such path. `run` throws if a local file is not there, cannot be read, or is
   * neither a file nor a folder.
   */
  readInput(path: PathLike): InputResourceFile {
    return addInput(this.#graph, path)
  }

  /**
   * Files to read that belong together: where a command mentions one, all are there, in one folder.
   *
   * @example `batch.readInputGroup({ fasta: 'hg.fasta', 'fasta.fai': 'hg.fasta.fai' })`
   * @throws InvalidBatchError if there are none, or one is no such path as for `readInput`
   */
  readInputGroup<K extends string>(paths: { readonly [N in K]: PathLike }): ResourceGroup<K, InputResourceFile> {
    return addInputGroup<K>(this.#graph, paths)
  }

  /**
   * Copies a file to a destination that stays: a path, or `gs://bucket/name`. A member of a group goes to
   * `destination.member`. May be called for several destinations, and for inputs.
   *
   * @example `batch.writeOutput(merge.out.all, 'out/counts.txt')`
   * @throws InvalidBatchError if it is no file of this batch, or no such path
   */
  writeOutput(resource: ResourceFile | ResourceGroup, destination: PathLike): void {
    addWrites(this.#graph, resource, destination)
  }

  /**
   * The jobs whose names match: a text is a regular expression anchored at the start, a RegExp is used as it is. Jobs
   * without a name never match.
   *
   * @example `batch.selectJobs('count-')`, `batch.selectJobs(/-7$/)`
   * @throws InvalidBatchError if the text is no regular expression
   */
  selectJobs(pattern: RegExp | string): Job<AnyOutputs>[] {
    return selectJobs(this.#graph, pattern)
  }

  /** Prints and returns what would be done. */
  run(options: RunOptions & { dryRun: true }): Promise<BatchPlan>
  /**
   * Runs the jobs that have not been submitted yet, and waits for them unless `wait` is false.
   *
   * @example `await batch.run({ wait: false, token: 'nightly-2026-11-23' })`
   * @throws InvalidBatchError, UndefinedResourceError, CyclicDependencyError before anything runs or is sent
   * @throws BatchFailedError if a job of this call does not succeed, unless `throwOnFailure` is false
   */
  run(options?: RunOptions & { dryRun?: false | undefined }): Promise<Running>
  run(options: RunOptions): Promise<Running | BatchPlan>
  run(options: RunOptions = {}): Promise<Running | BatchPlan> {
    return options.dryRun === true ? dryRun(this.#graph, options) : runGraph(this.#graph, this.#backend, options)
  }

  /** For messages and mistakes: a batch in a command is refused by this text. */
  toString(): string {
    return misplacedToken('batch')
  }

  [inspect](): string {
    return `Batch(${this.#graph.name ?? ''}${this.#graph.name === undefined ? '' : ': '}${this.#graph.entries.length} jobs)`
  }
}

/** The backend, looked for when it is first needed: a program that only plans needs none. */
function backendOf<Running extends RunningBatch>(options: BatchOptions<Running>): () => Promise<Backend<Running>> {
  const { backend } = options
  if (backend !== undefined) return () => Promise.resolve(backend)
  let found: Promise<Backend<Running>> | undefined
  return () => {
    // Without a backend, `Running` is what the default one gives, unless a caller insists on another type.
    found ??= import('../backends/default-backend.ts').then(
      async (module) => (await module.defaultBackend()) as Backend<Running>,
    )
    return found
  }
}

/** What a program has said about a batch. */
export const graphOf = (batch: Batch): BatchGraph => readGraph(batch)
