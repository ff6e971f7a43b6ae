import { checkMemory, checkWhole, quoted, type Refuse } from './check-settings.ts'
import { nearestHint } from './nearest-name.ts'
import type { RetryPolicy } from './settings.ts'

const counted = ['failed', 'preempted', 'infrastructure', 'onDemandAfter'] as const
const causes: readonly string[] = [...counted, 'exitCodes', 'outOfMemory']

/** A number is retries of failed commands. */
export function checkRetry(policy: number | RetryPolicy, refuse: Refuse): RetryPolicy {
  if (typeof policy === 'number') {
    checkWhole('retry', policy, 0, refuse)
    return { failed: policy }
  }
  if (typeof policy !== 'object' || policy === null)
    throw refuse(`has the retry ${quoted(policy)}; write a number, or retries per cause: { failed: 3 }.`)
  const stranger = Object.keys(policy).find((cause) => !causes.includes(cause))
  if (stranger !== undefined)
    throw refuse(`has a retry for the cause '${stranger}', which there is not${nearestHint(stranger, causes)}`)
  for (const cause of counted) checkWhole(`retry ${cause}`, policy[cause] ?? 0, 0, refuse)
  for (const [code, retries] of Object.entries(policy.exitCodes ?? {})) checkExitCode(code, retries, refuse)
  if (policy.outOfMemory !== undefined) checkGrowth(policy.outOfMemory, refuse)
  return policy
}

function checkExitCode(code: string, retries: number, refuse: Refuse): void {
  if (!/^[1-9]\d{0,2}$/.test(code) || Number(code) > 255)
    throw refuse(`has a retry for the exit code ${code}; write whole numbers from 1 to 255.`)
  checkWhole(`retry for exit code ${code}`, retries, 0, refuse)
}

function checkGrowth({ factor = 2, upTo }: NonNullable<RetryPolicy['outOfMemory']>, refuse: Refuse): void {
  if (!Number.isFinite(factor) || factor <= 1)
    throw refuse(`has the outOfMemory factor ${quoted(factor)}; write a number greater than 1.`)
  checkMemory(upTo, refuse)
}
