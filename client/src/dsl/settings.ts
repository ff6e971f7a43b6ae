import type { Cpu, Duration, Memory, Storage } from './amounts.ts'

/**
 * Retries allowed per cause, beside the first attempt. A policy replaces an earlier one as a whole.
 *
 * @example
 * ```ts
 * import { Batch, type RetryPolicy } from 'graupel'
 *
 * const patient: RetryPolicy = { failed: 1, exitCodes: { 75: 3 }, outOfMemory: { factor: 2, upTo: '64Gi' } }
 * new Batch({ defaultRetry: patient }).newJob({ name: 'fit' }).command`./fit`
 * ```
 */
export interface RetryPolicy {
  /** After the machine was taken away. Default 20. */
  preempted?: number | undefined
  /** After a lost worker or a fault that is not the job's. Default 5. */
  infrastructure?: number | undefined
  /** After the commands failed. Default 0. */
  failed?: number | undefined
  /** After the commands ended with these exit codes, 1…255; beats `failed`. Default none. */
  exitCodes?: { readonly [code: number]: number } | undefined
  /** After the memory did not suffice: each time `factor` (default 2) times as much, at most `upTo`. Default off. */
  outOfMemory?: { factor?: number | undefined; upTo: Memory } | undefined
  /** After so many preemptions in a row the job gets a machine that is not Spot. Default 3; 0: always. */
  onDemandAfter?: number | undefined
}

/**
 * Accelerators that a job's machine must have.
 *
 * @example
 * ```ts
 * import { Batch, type Accelerator } from 'graupel'
 *
 * const gpu: Accelerator = { type: 'nvidia-l4', count: 1 }
 * new Batch().newJob({ name: 'train', accelerator: gpu })
 * ```
 */
export interface Accelerator {
  /** Google Cloud's name of it, as `'nvidia-l4'`. */
  type: string
  /** Default 1. */
  count?: number | undefined
}

/**
 * A bucket that a job sees as a folder.
 *
 * @example
 * ```ts
 * import { Batch, type Cloudfuse } from 'graupel'
 *
 * const reference: Cloudfuse = { bucket: 'my-reference', mountPoint: '/reference' }
 * new Batch().newJob({ name: 'align', cloudfuse: [reference] })
 * ```
 */
export interface Cloudfuse {
  bucket: string
  /** An absolute path in the job. */
  mountPoint: string
  /** Default true. */
  readOnly?: boolean | undefined
}

/**
 * How often the checkpoint folder of a job is stored while it runs.
 *
 * @example
 * ```ts
 * import { Batch, type CheckpointOptions } from 'graupel'
 *
 * const often: CheckpointOptions = { every: '1m' }
 * new Batch().newJob({ name: 'train', checkpoint: often }).command`./train --state "$GRAUPEL_CHECKPOINT_DIR"`
 * ```
 */
export interface CheckpointOptions {
  /** Default 5 minutes; at least 1 second. A number is seconds. */
  every?: Duration | undefined
}

/** What has been set on a job, or as a batch's defaults. `null` clears a default; absent leaves it. */
export interface Settings {
  env?: Readonly<Record<string, string>> | undefined
  image?: string | null | undefined
  shell?: string | undefined
  cpu?: Cpu | null | undefined
  memory?: Memory | null | undefined
  storage?: Storage | null | undefined
  timeout?: Duration | null | undefined
  spot?: boolean | undefined
  regions?: readonly string[] | 'any' | undefined
  alwaysRun?: boolean | undefined
  alwaysCopyOutput?: boolean | undefined
  maxAttempts?: number | undefined
  retry?: RetryPolicy | undefined
  machineType?: string | undefined
  accelerator?: Accelerator | undefined
  cloudfuse?: readonly Cloudfuse[] | undefined
  checkpoint?: boolean | CheckpointOptions | undefined
}
