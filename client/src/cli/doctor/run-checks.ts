import { ServiceError } from '../../errors/service-error.ts'
import type { Check, CheckContext } from './check.ts'
import { type Finding, failed, skipped, unknown, type Verdict } from './finding.ts'

/**
 * Runs the checks in their order, each after those that it needs. A check never breaks the examination off: what it throws
 * is what it has found.
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  onFinding: (finding: Finding) => void = () => undefined,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const check of checks) {
    const finding = { id: check.id, title: check.title, ...(await examine(check, context, findings)) }
    findings.push(finding)
    onFinding(finding)
  }
  return findings
}

async function examine(check: Check, context: CheckContext, before: readonly Finding[]): Promise<Verdict> {
  const missing = before.find((finding) => isInTheWay(finding, check))
  if (missing !== undefined) return skipped(`not looked at: ${missing.title} comes first`)
  try {
    return await check.run(context)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return check.isAllowedIfSeen === true && isRefusal(error)
      ? failed(words, check.remedy)
      : unknown(words, check.remedy)
  }
}

function isInTheWay({ id, state }: Finding, { needs, stoppedBy = [] }: Check): boolean {
  if (needs.includes(id)) return state !== 'ok' && state !== 'warning'
  return stoppedBy.includes(id) && state === 'failed'
}

const isRefusal = (error: unknown): boolean => error instanceof ServiceError && error.status === 403
