import type { Finding } from './finding.ts'

const marks = { ok: 'ok', warning: 'WARN', failed: 'FAIL', unknown: '????', skipped: '-' } as const

/** One line, and below it what to do. */
export function showFinding(finding: Finding): string {
  const line = `${marks[finding.state].padEnd(4)}  ${finding.title}: ${finding.detail}`
  switch (finding.state) {
    case 'ok':
    case 'skipped':
      return line
    case 'warning':
    case 'failed':
    case 'unknown':
      return `${line}\n      → ${finding.remedy}`
    default:
      return finding satisfies never
  }
}

/** `17 ok, 1 failed` */
export function countFindings(findings: readonly Finding[]): string {
  const states = ['ok', 'warning', 'failed', 'unknown', 'skipped'] as const
  return states
    .map((state) => ({ state, count: findings.filter((finding) => finding.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ')
}
