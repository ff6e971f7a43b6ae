import type { BatchStatus } from '../../backends/batch-status.ts'
import type { Attempt, JobStatus } from '../../backends/job-status.ts'
import type { PeakUsage } from '../../model/index.ts'
import { toTable } from '../table.ts'

const timeOf = (date: Date | undefined): string => date?.toISOString().slice(0, 19).replace('T', ' ') ?? '-'
const secondsOf = (ms: number | undefined): string => (ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`)
const dollarsOf = (cost: number): string => `$${cost.toFixed(4)}`
const textOf = (value: string | number | undefined): string => (value === undefined ? '-' : String(value))

export const batchHeader = ['ID', 'STATE', 'JOBS', 'DONE', 'CREATED', 'NAME'] as const

export function batchRow({ id, state, counts, createdAt, name }: BatchStatus): string[] {
  const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const done = counts.success + counts.failed + counts.error + counts.cancelled
  return [id, state, String(jobs), String(done), timeOf(createdAt), textOf(name)]
}

/** Everything about one batch, a field a line. */
export function batchDetails(batch: BatchStatus): string {
  const { counts, attributes } = batch
  const known = Object.entries(counts).filter(([, count]) => count > 0)
  return toTable([
    ['id', batch.id],
    ['name', textOf(batch.name)],
    ['state', batch.state],
    ['jobs', known.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'],
    ['created', timeOf(batch.createdAt)],
    ['ended', timeOf(batch.endedAt)],
    ['duration', secondsOf(batch.durationMs)],
    ['cost', dollarsOf(batch.cost)],
    ...Object.entries(attributes).map(([name, value]) => [name, value]),
  ])
}

export const jobHeader = ['ID', 'STATE', 'ATTEMPT', 'EXIT', 'DURATION', 'NAME', 'REASON'] as const

export const jobRow = (job: JobStatus): string[] => [
  String(job.id),
  job.state,
  String(job.attempt),
  textOf(job.exitCode),
  secondsOf(job.durationMs),
  textOf(job.name),
  job.reason ?? '',
]

/** What a job's newest attempt has used, as far as somebody has looked. */
export interface ShownUsage {
  readonly peak: PeakUsage | undefined
  readonly network: { readonly receivedBytes: number; readonly sentBytes: number } | undefined
}

/** Everything about one job, a field a line. */
export const jobDetails = (job: JobStatus, { peak, network }: ShownUsage): string =>
  toTable([
    ['id', String(job.id)],
    ['name', textOf(job.name)],
    ['state', job.state],
    ['reason', textOf(job.reason)],
    ['attempt', String(job.attempt)],
    ['worker', textOf(job.worker)],
    ['exit code', textOf(job.exitCode)],
    ['ready', timeOf(job.readyAt)],
    ['started', timeOf(job.startedAt)],
    ['ended', timeOf(job.endedAt)],
    ['duration', secondsOf(job.durationMs)],
    ['cost', dollarsOf(job.cost)],
    ...(peak === undefined ? [] : peakRows(peak)),
    ...(network === undefined ? [] : networkRows(network)),
    ...Object.entries(job.attributes).map(([name, value]) => [name, value]),
  ])

const peakRows = ({ cpu, memoryBytes, storageBytes }: PeakUsage): string[][] => [
  ['peak cpu', `${cpu.toFixed(2)} cores`],
  ['peak memory', inMebibytes(memoryBytes)],
  ['peak storage', inMebibytes(storageBytes)],
]

const networkRows = ({ receivedBytes, sentBytes }: NonNullable<ShownUsage['network']>): string[][] => [
  ['received', inMebibytes(receivedBytes)],
  ['sent', inMebibytes(sentBytes)],
]

const inMebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`

export const attemptHeader = ['ATTEMPT', 'STARTED', 'ENDED', 'EXIT', 'COST', 'WORKER', 'REASON'] as const

export const attemptRow = (attempt: Attempt): string[] => [
  String(attempt.attempt),
  timeOf(attempt.startedAt),
  timeOf(attempt.endedAt),
  textOf(attempt.exitCode),
  dollarsOf(attempt.cost),
  textOf(attempt.worker),
  attempt.reason ?? '',
]
