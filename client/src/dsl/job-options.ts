import type { Cpu, Duration, Memory, Storage } from './amounts.ts'
import type { Attributes } from './attributes.ts'
import type { Dependency, Job } from './job.ts'
import type { GroupTemplates } from './outputs.ts'
import type { Accelerator, CheckpointOptions, Cloudfuse, RetryPolicy } from './settings.ts'

/**
 * What every new job can be given at once: an option per setter, with the same name and type.
 *
 * @example
 * ```ts
 * import { Batch, type JobOptions } from 'graupel'
 *
 * const small: JobOptions = { cpu: 0.5, memory: 'lowmem', timeout: '10m', env: { THREADS: 4 } }
 * new Batch().newJob({ ...small, name: 'hello' }).command`echo hello`
 * ```
 */
export interface JobOptions {
  /** For people, queries and folders. Need not be unique. Default none. */
  name?: string | undefined
  /** Words about the job, for people and queries. Default none. */
  attributes?: Attributes | undefined
  dependsOn?: Dependency | readonly Dependency[] | undefined
  env?: { readonly [name: string]: string | number } | undefined
  image?: string | null | undefined
  cpu?: Cpu | null | undefined
  memory?: Memory | null | undefined
  storage?: Storage | null | undefined
  timeout?: Duration | null | undefined
  spot?: boolean | undefined
  regions?: readonly string[] | 'any' | undefined
  alwaysRun?: boolean | undefined
  alwaysCopyOutput?: boolean | undefined
  maxAttempts?: number | undefined
  retry?: number | RetryPolicy | undefined
  machineType?: string | undefined
  accelerator?: Accelerator | undefined
  cloudfuse?: readonly Cloudfuse[] | undefined
  checkpoint?: boolean | CheckpointOptions | undefined
}

/**
 * What a job makes: files and groups of files, by name.
 *
 * @example `batch.newJob({ outputs: ['log'], resourceGroups: { ofile: { bed: '{root}.bed' } } })`
 */
export interface OutputOptions<F extends string, G extends GroupTemplates> {
  /** Names of the files and folders that it makes; other names are refused then. Default: any name. */
  outputs?: readonly F[] | undefined
  /** Groups of files by name: each member with its file name, in which `{root}` is what they share. Default none. */
  resourceGroups?: G | undefined
}

/**
 * What a new job of commands can be given at once.
 *
 * @example
 * ```ts
 * import { Batch, type BashJobOptions } from 'graupel'
 *
 * const options: BashJobOptions<'counts'> = { name: 'count', shell: '/bin/sh', outputs: ['counts'] }
 * const job = new Batch().newJob(options)
 * job.command`wc -l /etc/hosts > ${job.out.counts}`
 * ```
 */
export interface BashJobOptions<F extends string = string, G extends GroupTemplates = GroupTemplates>
  extends JobOptions,
    OutputOptions<F, G> {
  shell?: string | undefined
}

/**
 * What a new job that calls TypeScript functions can be given at once.
 *
 * @example
 * ```ts
 * import { Batch, type FunctionJobOptions } from 'graupel'
 *
 * const options: FunctionJobOptions = { name: 'fit', cpu: 2, memory: '4Gi' }
 * new Batch().newFunctionJob(options).call(() => 6 * 7)
 * ```
 */
export interface FunctionJobOptions<F extends string = string, G extends GroupTemplates = GroupTemplates>
  extends JobOptions,
    OutputOptions<F, G> {}

/**
 * What a new job that calls Python functions can be given at once.
 *
 * @example
 * ```ts
 * import { Batch, type PythonJobOptions, python } from 'graupel'
 *
 * const options: PythonJobOptions = { name: 'fit', image: 'python:3.13-slim' }
 * new Batch().newPythonJob(options).call(python`def answer(): return 6 * 7`)
 * ```
 */
export interface PythonJobOptions<F extends string = string, G extends GroupTemplates = GroupTemplates>
  extends JobOptions,
    OutputOptions<F, G> {}

/** Calls the setter of each option that is given. @throws InvalidBatchError as the setters do */
export function applyOptions(job: Job, options: JobOptions): void {
  if (options.dependsOn !== undefined) job.dependsOn(...[options.dependsOn].flat())
  if (options.env !== undefined) job.env(options.env)
  if (options.image !== undefined) job.image(options.image)
  if (options.cpu !== undefined) job.cpu(options.cpu)
  if (options.memory !== undefined) job.memory(options.memory)
  if (options.storage !== undefined) job.storage(options.storage)
  if (options.timeout !== undefined) job.timeout(options.timeout)
  if (options.spot !== undefined) job.spot(options.spot)
  if (options.regions !== undefined) job.regions(options.regions)
  if (options.alwaysRun !== undefined) job.alwaysRun(options.alwaysRun)
  if (options.alwaysCopyOutput !== undefined) job.alwaysCopyOutput(options.alwaysCopyOutput)
  if (options.maxAttempts !== undefined) job.maxAttempts(options.maxAttempts)
  if (options.retry !== undefined) job.retry(options.retry)
  if (options.machineType !== undefined) job.machineType(options.machineType)
  if (options.accelerator !== undefined) job.accelerator(options.accelerator)
  for (const { bucket, mountPoint, readOnly } of options.cloudfuse ?? [])
    job.cloudfuse(bucket, mountPoint, { readOnly })
  if (options.checkpoint !== undefined) job.checkpoint(options.checkpoint)
}
