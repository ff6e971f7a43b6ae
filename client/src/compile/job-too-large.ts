import type { JobSpec } from './batch-spec.ts'
import { jobLabel } from './job-label.ts'

/** What of a job can be too large, in the words of its message, and what to do about it. */
const parts = {
  detail: {
    words: 'a script with its list of files',
    remedy: 'Put large data into a file and pass it with readInput.',
  },
  labels: { words: 'a name and attributes', remedy: 'Shorten them, or put the data into an input file.' },
  settings: { words: 'settings and environment variables', remedy: 'Put large values into an input file.' },
  parents: {
    words: 'a list of parents',
    remedy: 'Join them in two steps: some jobs that each depend on a part of them, and this job on those.',
  },
  children: {
    words: 'a list of children',
    remedy: 'Put a few jobs without a command in between, and let each of the children depend on one of those.',
  },
} as const
export type JobPart = keyof typeof parts

const readable = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** One job that does not fit into any plan, however it is cut. */
export class JobTooLarge extends Error {
  override readonly name = 'JobTooLarge'
  /** Index into the spec's jobs. */
  readonly job: number
  readonly part: JobPart
  readonly sizeBytes: number
  readonly limitBytes: number

  constructor(job: { index: number; spec: JobSpec | undefined }, part: JobPart, sizeBytes: number, limitBytes: number) {
    const { words, remedy } = parts[part]
    super(
      `Job ${jobLabel(job.spec?.name, job.index)} has ${words} of ${readable(sizeBytes)}, more than ${readable(limitBytes)}. ${remedy}`,
    )
    this.job = job.index
    this.part = part
    this.sizeBytes = sizeBytes
    this.limitBytes = limitBytes
  }
}
