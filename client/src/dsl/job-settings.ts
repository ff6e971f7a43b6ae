import type { Duration } from './amounts.ts'
import { checkRetry } from './check-retry.ts'
import {
  checkCheckpoint,
  checkCloudfuse,
  checkEnv,
  checkImage,
  checkMaxAttempts,
  checkTimeout,
} from './check-settings.ts'
import { MachineSettings } from './machine-settings.ts'
import type { CheckpointOptions, RetryPolicy } from './settings.ts'

/** The setters that say how a job is run. Each returns the job, so that calls chain; a later one wins. */
export abstract class JobSettings extends MachineSettings {
  /**
   * Sets an environment variable of the job. Default none. Names are letters, digits and `_`.
   *
   * @example `job.env('THREADS', 4)`
   * @throws InvalidBatchError if the name is not possible, or the value holds a NUL character or a file
   */
  env(name: string, value: string | number): this
  /**
   * Sets environment variables of the job, and keeps the others.
   *
   * @example `job.env({ THREADS: 4, LC_ALL: 'C' })`
   */
  env(values: { readonly [name: string]: string | number }): this
  env(...args: [string, string | number] | [{ readonly [name: string]: string | number }]): this {
    const [first, value] = args
    const values = typeof first === 'object' ? Object.entries(first) : [[first, value] as const]
    const { settings, refuse } = this.change('env()')
    const checked = values.map(([name, item]) => [name, checkEnv(name, item, refuse)])
    settings.env = { ...settings.env, ...Object.fromEntries(checked) }
    return this
  }

  /**
   * The container image to run in. Default: the batch's `defaultImage`, else none: a plain process on this machine, a
   * small Linux on the service; `null` clears the batch's.
   *
   * @example `job.image('ubuntu:24.04')`
   */
  image(image: string | null): this {
    const { settings, refuse } = this.change('image()')
    if (image !== null) checkImage('image', image, refuse)
    settings.image = image
    return this
  }

  /**
   * How long the commands of one attempt may take; the job ends as `Error` after that. A number is seconds. Default:
   * the batch's `defaultTimeout`, else no limit; `null` clears the batch's.
   *
   * @example `job.timeout('1.5h')`
   * @throws InvalidBatchError if it is no duration, or more than 86,400 without a unit
   */
  timeout(limit: Duration | null): this {
    const { settings, refuse } = this.change('timeout()')
    if (limit !== null) checkTimeout(limit, refuse)
    settings.timeout = limit
    return this
  }

  /**
   * Retries allowed per cause, beside the first attempt; a number is retries of failed commands. Default: the batch's
   * `defaultRetry`, else 20 after preemptions, 5 after faults of the infrastructure, none of anything else.
   *
   * @example `job.retry(3)`, `job.retry({ exitCodes: { 75: 3 }, outOfMemory: { upTo: '64Gi' } })`
   * @throws InvalidBatchError if a number is not whole or a cause is unknown
   */
  retry(policy: number | RetryPolicy): this {
    const { settings, refuse } = this.change('retry()')
    settings.retry = checkRetry(policy, refuse)
    return this
  }

  /**
   * Limits all attempts of all causes together. Default: the budgets of `retry` alone. From 1 to 250.
   *
   * @example `job.maxAttempts(1)`
   * @throws InvalidBatchError if it is not a whole number from 1 to 250
   */
  maxAttempts(attempts: number): this {
    const { settings, refuse } = this.change('maxAttempts()')
    checkMaxAttempts(attempts, refuse)
    settings.maxAttempts = attempts
    return this
  }

  /**
   * Runs the job even if its parents failed or the batch is cancelled. It gets what failed parents left. Default false.
   *
   * @example `job.alwaysRun()`
   */
  alwaysRun(alwaysRun = true): this {
    this.change('alwaysRun()').settings.alwaysRun = alwaysRun
    return this
  }

  /**
   * Copies the files that others read and that have destinations even if the job fails. Default false.
   *
   * @example `job.alwaysCopyOutput()`
   */
  alwaysCopyOutput(alwaysCopyOutput = true): this {
    this.change('alwaysCopyOutput()').settings.alwaysCopyOutput = alwaysCopyOutput
    return this
  }

  /**
   * Gives the job a folder that its next attempt finds as it was: `$GRAUPEL_CHECKPOINT_DIR`. It is stored every 5 minutes,
   * or as `every` says, when the machine is about to be taken away, and when an attempt fails. Default none. A file that is
   * written while it is stored may be stored half: write another one and rename it.
   *
   * @example `job.checkpoint()`, `job.checkpoint({ every: '1m' })`
   * @throws InvalidBatchError if `every` is less than a second
   */
  checkpoint(checkpoint: boolean | CheckpointOptions = true): this {
    const { settings, refuse } = this.change('checkpoint()')
    checkCheckpoint(checkpoint, refuse)
    settings.checkpoint = checkpoint
    return this
  }

  /**
   * Shows a bucket as a folder; may be called for several. Default none; read-only. Refused by `run` on this machine.
   *
   * @example `job.cloudfuse('my-reference', '/reference')`
   * @throws InvalidBatchError if the bucket is empty or the mount point is not an absolute path
   */
  cloudfuse(bucket: string, mountPoint: string, options: { readOnly?: boolean | undefined } = {}): this {
    const { settings, refuse } = this.change('cloudfuse()')
    const mount = { bucket, mountPoint, readOnly: options.readOnly ?? true }
    checkCloudfuse(mount, refuse)
    if (settings.cloudfuse?.some((other) => other.mountPoint === mountPoint))
      throw refuse(`mounts two buckets at '${mountPoint}'; take another mount point.`)
    settings.cloudfuse = [...(settings.cloudfuse ?? []), mount]
    return this
  }
}
