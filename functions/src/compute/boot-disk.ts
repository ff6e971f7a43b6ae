/** Container-Optimized OS, and images of jobs have to lie somewhere. */
const systemGb = 15
/** A disk is sold in GiB, and a tenth of what is free on it is the cache's: worker-vm/src/disk.ts. */
const shareForJobs = 0.96
/** https://cloud.google.com/compute/docs/disks/persistent-disks (2026-11) */
const largestGb = 65_536

/** Gigabytes (10^9) that jobs have of a disk. */
export const storageGbOf = (diskGb: number): number => Math.max(0, diskGb * shareForJobs - systemGb)

/** The smallest disk that leaves so much to jobs; `undefined`: there is none so large. */
export function diskGbFor(storageGb: number): number | undefined {
  const diskGb = Math.ceil((storageGb + systemGb) / shareForJobs)
  return diskGb > largestGb ? undefined : diskGb
}

/** The disk of a launch: every machine's own, or a larger one for what its jobs ask for. */
export const launchDiskGb = (storageGb: number | undefined, usualGb: number): number | undefined => {
  const wanted = storageGb === undefined ? usualGb : diskGbFor(storageGb)
  return wanted === undefined ? undefined : Math.max(usualGb, wanted)
}
