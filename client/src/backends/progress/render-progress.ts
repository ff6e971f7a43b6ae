import type { StateCounts } from '../../model/index.ts'

/** What is shown of a batch that runs. */
export interface Progress {
  readonly name: string | undefined
  readonly id: string
  readonly counts: StateCounts
  readonly elapsedMs: number
  /** Names of jobs that run now, not all of them. */
  readonly running: readonly string[]
}

const barWidth = 24

/** A headline with a bar and the counts, and a line that names what runs. */
export function renderProgress(progress: Progress, columns: number): string {
  const { counts } = progress
  const total = sum(counts)
  const done = counts.success + counts.failed + counts.error + counts.cancelled
  const filled = total === 0 ? barWidth : Math.floor((done / total) * barWidth)
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
  const head = `${labelOf(progress)} ${bar} ${done}/${total}  ${formatDuration(progress.elapsedMs)}`
  const lines = [head, `  ${describeCounts(counts)}`]
  if (progress.running.length > 0) lines.push(`  running: ${progress.running.join(', ')}`)
  return lines.map((line) => cut(line, columns)).join('\n')
}

/** The same in one line, for logs. */
export function renderPlainProgress(progress: Progress): string {
  return `${labelOf(progress)}: ${describeCounts(progress.counts)} after ${formatDuration(progress.elapsedMs)}`
}

const labelOf = ({ name, id }: Progress): string => (name === undefined ? `batch ${id}` : `${name} (${id})`)

const sum = (counts: StateCounts): number => Object.values(counts).reduce((total, count) => total + count, 0)

function describeCounts(counts: StateCounts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.length === 0 ? 'no jobs' : parts.map(([state, count]) => `${count} ${state}`).join(', ')
}

/** `7 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

const cut = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`
