import type { Backend } from '../backends/backend.ts'
import type { RunningBatch } from '../backends/running-batch.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { Cpu, Duration, Memory, Storage } from './amounts.ts'
import { type Attributes, checkAttributes } from './attributes.ts'
import type { GraphOptions } from './batch-graph.ts'
import { checkRetry } from './check-retry.ts'
import {
  checkCpu,
  checkImage,
  checkMemory,
  checkName,
  checkRegions,
  checkStorage,
  checkText,
  checkTimeout,
  checkWhole,
  type Refuse,
} from './check-settings.ts'
import type { RetryPolicy, Settings } from './settings.ts'

/**
 * What a new batch can be given. Defaults hold for each job that does not set its own.
 *
 * @example
 * ```ts
 * import { Batch, type BatchOptions } from 'graupel'
 *
 * const options: BatchOptions = { name: 'sort', defaultImage: 'ubuntu:24.04', defaultTimeout: '2h' }
 * const batch = new Batch(options)
 * ```
 */
export interface BatchOptions<Running extends RunningBatch = RunningBatch> {
  /** For people and queries. Need not be unique. Default none. */
  name?: string | undefined
  /** Where to run. Default: as `GRAUPEL_BACKEND` (`local` or `service`) says, else this machine. */
  backend?: Backend<Running> | undefined
  /** Words about the batch, for people and queries. Default none. */
  attributes?: Attributes | undefined
  /** The project billed for reading and writing buckets whose requesters pay. Default none. */
  requesterPaysProject?: string | undefined
  /** The image of jobs that run commands. Default none. */
  defaultImage?: string | undefined
  /** The image of jobs that call Python functions. Default none: the worker's own Python 3. */
  defaultPythonImage?: string | undefined
  /** The image of jobs that call TypeScript functions; it has Node 22 or later. Default none: the worker's own Node. */
  defaultFunctionImage?: string | undefined
  defaultCpu?: Cpu | undefined
  defaultMemory?: Memory | undefined
  defaultStorage?: Storage | undefined
  defaultRegions?: readonly string[] | 'any' | undefined
  defaultTimeout?: Duration | undefined
  /** Default `/bin/bash`. */
  defaultShell?: string | undefined
  /** Default true. */
  defaultSpot?: boolean | undefined
  defaultRetry?: number | RetryPolicy | undefined
  /** Cancels the batch when so many of its jobs have failed; at least 1. Default: never. */
  cancelAfterNFailures?: number | undefined
}

/** @throws InvalidBatchError if a default is not possible */
function checkDefaults(options: BatchOptions, refuse: Refuse): Settings {
  const byDefault: Refuse = (message) => refuse(`${message} (by its defaults)`)
  if (options.defaultImage !== undefined) checkImage('defaultImage', options.defaultImage, refuse)
  const { defaultPythonImage, defaultFunctionImage } = options
  if (defaultPythonImage !== undefined) checkImage('defaultPythonImage', defaultPythonImage, refuse)
  if (defaultFunctionImage !== undefined) checkImage('defaultFunctionImage', defaultFunctionImage, refuse)
  if (options.defaultShell !== undefined) checkText('defaultShell', options.defaultShell, refuse)
  if (options.defaultCpu !== undefined) checkCpu(options.defaultCpu, byDefault)
  if (options.defaultMemory !== undefined) checkMemory(options.defaultMemory, byDefault)
  if (options.defaultStorage !== undefined) checkStorage(options.defaultStorage, byDefault)
  if (options.defaultTimeout !== undefined) checkTimeout(options.defaultTimeout, byDefault)
  if (options.defaultRegions !== undefined) checkRegions(options.defaultRegions, byDefault)
  return {
    image: options.defaultImage,
    shell: options.defaultShell,
    cpu: options.defaultCpu,
    memory: options.defaultMemory,
    storage: options.defaultStorage,
    timeout: options.defaultTimeout,
    regions: options.defaultRegions,
    spot: options.defaultSpot,
    retry: options.defaultRetry === undefined ? undefined : checkRetry(options.defaultRetry, byDefault),
  }
}

/** @throws InvalidBatchError naming the batch */
export function checkBatchOptions(options: BatchOptions): GraphOptions {
  const { name, attributes = {}, requesterPaysProject, cancelAfterNFailures } = options
  const label = name === undefined ? 'The batch' : `Batch '${name}'`
  const refuse: Refuse = (message) => new InvalidBatchError({ message: `${label} ${message}` })
  checkName(name, (message) => new InvalidBatchError({ message: `The batch ${message}` }))
  checkAttributes(attributes, refuse)
  if (requesterPaysProject !== undefined) checkText('requesterPaysProject', requesterPaysProject, refuse)
  if (cancelAfterNFailures !== undefined) checkWhole('cancelAfterNFailures', cancelAfterNFailures, 1, refuse)
  const defaults = checkDefaults(options, refuse)
  const { defaultPythonImage, defaultFunctionImage } = options
  return {
    name,
    attributes: { ...attributes },
    requesterPaysProject,
    cancelAfterNFailures,
    defaults,
    defaultPythonImage,
    defaultFunctionImage,
  }
}
