/**
 * What a job's commands used at one moment.
 *
 * @example
 * ```ts
 * const usage = await run.job(3).resourceUsage()
 * console.log(Math.max(...usage.map((sample) => sample.memoryBytes)))
 * ```
 */
export interface ResourceUsage {
  readonly at: Date
  /** Cores in use, on average since the sample before. */
  readonly cpu: number
  /** Bytes of memory. Without an image, memory that processes share is counted for each of them. */
  readonly memoryBytes: number
  /** Bytes of the job's own files in `BATCH_TMPDIR` and of what it has written inside its container, as last measured. */
  readonly storageBytes: number
  /** Bytes since the commands began. Absent without an image: such jobs share the machine's network. */
  readonly receivedBytes?: number | undefined
  /** The same for what they have sent. */
  readonly sentBytes?: number | undefined
}
