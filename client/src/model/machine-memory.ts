/**
 * What of a machine's memory the operating system and the agent keep from jobs. Of 64 GiB they keep under 4, so that 16
 * cores have a job of standard memory each.
 */
const leastSystemGib = 1
const mostShare = 1 / 16
const fixedGib = 2.5
/** The kernel's own tables grow with the memory. */
const kernelShare = 0.02

/** GiB that jobs have of a machine with so many. */
export const gibForJobs = (machineGib: number): number => machineGib - Math.min(systemGib(machineGib), machineGib / 2)

const systemGib = (machineGib: number): number =>
  Math.max(leastSystemGib, Math.min(machineGib * mostShare, machineGib * kernelShare + fixedGib))

/** GiB of the smallest machine whose jobs have so many, rounded up: the reverse of {@link gibForJobs}. */
export const machineGibFor = (jobGib: number): number =>
  Math.ceil(
    Math.max(jobGib + leastSystemGib, Math.min(jobGib / (1 - mostShare), (jobGib + fixedGib) / (1 - kernelShare))),
  )

const gib = 2 ** 30

/**
 * What an agent may give to jobs of the memory that its operating system sees, which is less than the machine was sold
 * with: never less than {@link gibForJobs} of that.
 */
export const bytesForJobs = (seenBytes: number): number =>
  Math.floor(seenBytes - Math.min(Math.max(gib / 2, Math.min(seenBytes / 32, 2 * gib)), seenBytes / 2))
