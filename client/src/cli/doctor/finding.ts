import { exitCodes } from '../exit-codes.ts'

/** What a check has found out about one thing. */
export type Finding = { readonly id: string; readonly title: string } & Verdict

export type Verdict =
  | { readonly state: 'ok' | 'skipped'; readonly detail: string }
  | { readonly state: 'warning' | 'failed' | 'unknown'; readonly detail: string; readonly remedy: string }

export const ok = (detail: string): Verdict => ({ state: 'ok', detail })
export const skipped = (detail: string): Verdict => ({ state: 'skipped', detail })
export const warning = (detail: string, remedy: string): Verdict => ({ state: 'warning', detail, remedy })
export const failed = (detail: string, remedy: string): Verdict => ({ state: 'failed', detail, remedy })
/** It could not be looked at. */
export const unknown = (detail: string, remedy: string): Verdict => ({ state: 'unknown', detail, remedy })

/**
 * As the worst of them says: what failed beats what could not be looked at. Where the smoke batch has run, that does not
 * matter: whoever submits may not look at everything.
 */
export function exitCodeOfFindings(findings: readonly Finding[]): number {
  const has = (state: Finding['state']) => findings.some((finding) => finding.state === state)
  if (has('failed')) return exitCodes.failure
  const hasRun = findings.some(({ id, state }) => id === 'smoke' && state === 'ok')
  return has('unknown') && !hasRun ? exitCodes.unavailable : exitCodes.success
}
