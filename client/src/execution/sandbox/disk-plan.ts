import type { Disk } from './disk-usage.ts'

/** What a job took when it was last looked at. */
export interface Measured {
  readonly usedBytes: number
  /** What all watched disks had free when the look began. */
  readonly freeBytes: number
  /** In ms of one clock. */
  readonly endedAt: number
  readonly tookMs: number
}

/** Looks at all jobs take no more than this part of the time. */
const usualPart = 1 / 50
/** While a job may be over its limit. */
const urgentPart = 1 / 2

/**
 * Whether to look at a job whose files may take `limitBytes`. To walk through its files is slow where they are many, and
 * what the disks have left is known at once: as long as that has shrunk by less than the job has room, it is not over.
 * Others may have made room meanwhile, so now and then it is looked at nevertheless.
 */
export function isDue(
  limitBytes: number,
  measured: Measured | undefined,
  { freeBytes, now, roundMs }: { readonly freeBytes: number; readonly now: number; readonly roundMs: number },
): boolean {
  if (measured === undefined) return true
  const pauseMs = now - measured.endedAt
  const mayBeOver = measured.freeBytes - freeBytes >= limitBytes - measured.usedBytes
  return pauseMs >= roundMs / (mayBeOver ? urgentPart : usualPart)
}

/** A job that takes less of a full disk than this part of the reserve has not filled it, and its end would not help. */
const substantialPart = 1 / 2

/** Who is ended because the disk is almost full. `undefined`: others have filled it, so commands that write may fail. */
export function chooseToEnd<T extends { readonly usedBytes: number }>(
  jobs: readonly T[],
  { reserveBytes }: Pick<Disk, 'reserveBytes'>,
): T | undefined {
  const [largest] = jobs.toSorted((left, right) => right.usedBytes - left.usedBytes)
  return largest !== undefined && largest.usedBytes >= reserveBytes * substantialPart ? largest : undefined
}
