/**
 * Batches of jobs joined by the files they pass on: on this machine, or on Google Cloud.
 *
 * @module graupel
 */

// Describing a batch

export type { Cpu, Duration, Memory, Storage } from './dsl/amounts.ts'
export type { Attributes } from './dsl/attributes.ts'
export { BashJob } from './dsl/bash-job.ts'
export { Batch } from './dsl/batch.ts'
export type { BatchOptions } from './dsl/batch-options.ts'
export type { BatchPlan } from './dsl/batch-plan.ts'
export { EarlierJob } from './dsl/earlier-job.ts'
export { type Dependency, Job } from './dsl/job.ts'
export type {
  BashJobOptions,
  FunctionJobOptions,
  JobOptions,
  OutputOptions,
  PythonJobOptions,
} from './dsl/job-options.ts'
export type { Accelerator, CheckpointOptions, Cloudfuse, RetryPolicy } from './dsl/settings.ts'

// Calling functions in jobs

export type { Arg, Args } from './dsl/arguments.ts'
export { FunctionJob } from './dsl/function-job.ts'
export { FunctionResult } from './dsl/function-result.ts'
export { type Kwargs, kwargs } from './dsl/python/kwargs.ts'
export type { PythonArg } from './dsl/python/python-argument.ts'
export { pythonFunction } from './dsl/python/python-file.ts'
export type { PythonFunction } from './dsl/python/python-function.ts'
export { PythonJob } from './dsl/python/python-job.ts'
export type { PythonLiteral } from './dsl/python/python-literal.ts'
export { python } from './dsl/python/python-template.ts'
export { PythonResult } from './dsl/python-result.ts'
export { Result } from './dsl/result.ts'

// A pool of calls

export { BatchPoolExecutor } from './executor/batch-pool-executor.ts'
export { BatchPoolFuture } from './executor/batch-pool-future.ts'
export type { BatchPoolExecutorOptions, MapOptions } from './executor/pool-options.ts'
export { type AnyIterable, Zip, zip } from './executor/zip.ts'

// Values in commands

export type { Interpolation, InterpolationItem } from './dsl/interpolation.ts'
export { type Raw, raw } from './dsl/raw.ts'

// Files

export { InputResourceFile } from './dsl/input-resource-file.ts'
export { JobResourceFile } from './dsl/job-resource-file.ts'
export type { PathLike } from './dsl/location.ts'
export type { AnyOutputs, Groups, GroupTemplates, NoGroups, Outputs } from './dsl/outputs.ts'
export { Resource } from './dsl/resource.ts'
export { ResourceFile } from './dsl/resource-file.ts'
export { ResourceGroup } from './dsl/resource-group.ts'

// Merging files

export { concatenate } from './merging/concatenate.ts'
export type { MergeOptions } from './merging/merge-options.ts'
export { type Plink, plinkMerge } from './merging/plink-merge.ts'

// Images

export { buildPythonImage } from './python-image/build-python-image.ts'
export type { PythonImageOptions } from './python-image/python-image-options.ts'

// Where to run

export { Backend, type Submission } from './backends/backend.ts'
export { LocalBackend } from './backends/local/local-backend.ts'
export type { LocalBackendOptions } from './backends/local/local-configuration.ts'
export { ServiceBackend } from './backends/service/service-backend.ts'
export type { ServiceBackendOptions } from './backends/service/service-options.ts'

// A submitted batch

export type { BatchEvent, BatchStatus } from './backends/batch-status.ts'
export type { Attempt, JobQuery, JobStatus } from './backends/job-status.ts'
export type { ResourceUsage } from './backends/resource-usage.ts'
export type { RunOptions, WaitOptions } from './backends/run-options.ts'
export { RunningBatch } from './backends/running-batch.ts'
export { RunningJob } from './backends/running-job.ts'
export type { BatchState, JobState } from './model/index.ts'

// Errors

export { BatchError, type BatchErrorCode } from './errors/batch-error.ts'
export { BatchFailedError, type FailedJob } from './errors/batch-failed-error.ts'
export { BatchNotFoundError } from './errors/batch-not-found-error.ts'
export { CancelledError } from './errors/cancelled-error.ts'
export { type CycleMember, CyclicDependencyError } from './errors/cyclic-dependency-error.ts'
export { InvalidBatchError } from './errors/invalid-batch-error.ts'
export { JobFailedError } from './errors/job-failed-error.ts'
export { ServiceError } from './errors/service-error.ts'
export { TimeoutError } from './errors/timeout-error.ts'
export { UndefinedResourceError } from './errors/undefined-resource-error.ts'
export { UnserializableFunctionError } from './errors/unserializable-function-error.ts'
