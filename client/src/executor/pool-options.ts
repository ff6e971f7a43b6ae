import type { Backend } from '../backends/backend.ts'
import type { Cpu, Duration } from '../dsl/amounts.ts'
import { checkCpu, checkName, checkText } from '../dsl/check-settings.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { parseCpuMillis } from '../model/index.ts'

/**
 * What a new executor can be given.
 *
 * @example
 * ```ts
 * import { BatchPoolExecutor, type BatchPoolExecutorOptions } from 'graupel'
 *
 * const options: BatchPoolExecutorOptions = { name: 'numbers', cpusPerJob: 0.25 }
 * await using pool = new BatchPoolExecutor(options)
 * ```
 */
export interface BatchPoolExecutorOptions {
  /** The name of its batch, for people and queries. Default none. */
  name?: string | undefined
  /** Where to run. Default: as `GRAUPEL_BACKEND` says, else this machine. */
  backend?: Backend | undefined
  /** The image of its jobs; it has Node 22 or later. Default none: the worker's own Node. */
  image?: string | undefined
  /** Cores of each job; numerical libraries are told to use as many threads, at least one. Default 1. */
  cpusPerJob?: Cpu | undefined
  /** Whether leaving `await using` waits for all calls. Default true. */
  waitOnExit?: boolean | undefined
  /** Whether its batch and files are deleted when it is shut down and all calls have ended. Default true. */
  cleanupBucket?: boolean | undefined
}

/**
 * How `map` calls.
 *
 * @example `pool.map(square, numbers, { chunkSize: 100, timeout: '10m' })`
 */
export interface MapOptions {
  /** How long all of it may take, from the call of `map` to the last result. Default: no limit. */
  timeout?: Duration | undefined
  /** So many calls are one job, one after the other. Default 1. */
  chunkSize?: number | undefined
}

const threadVariables = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
]

/** What every job of the executor is given. */
export interface PoolJobOptions {
  readonly cpu: Cpu
  readonly env: Readonly<Record<string, string>>
}

/** @throws InvalidBatchError if the name, image or number of cores is not possible */
export function readPoolOptions({ name, image, cpusPerJob = 1 }: BatchPoolExecutorOptions): PoolJobOptions {
  const label = name === undefined ? 'The executor' : `Executor '${name}'`
  const refuse = (message: string) => new InvalidBatchError({ message: `${label} ${message}` })
  checkName(name, refuse)
  if (image !== undefined) checkText('image', image, refuse)
  checkCpu(cpusPerJob, refuse)
  const threads = String(Math.max(1, Math.floor((parseCpuMillis(cpusPerJob) ?? 1000) / 1000)))
  return { cpu: cpusPerJob, env: Object.fromEntries(threadVariables.map((variable) => [variable, threads])) }
}
