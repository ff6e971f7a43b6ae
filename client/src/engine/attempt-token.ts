import { createHmac, timingSafeEqual } from 'node:crypto'
import type { BatchId, WorkerId } from '../model/index.ts'

/**
 * Proves that an event is of this attempt on this worker. Computed whenever it is needed and stored nowhere, so a
 * repeated grant carries the same token.
 */
export function attemptToken(
  serviceKey: string,
  attempt: { readonly batch: BatchId; readonly job: number; readonly attempt: number; readonly worker: WorkerId },
): string {
  const text = `${attempt.batch}/${attempt.job}/${attempt.attempt}/${attempt.worker}`
  return createHmac('sha256', serviceKey).update(text).digest('base64url')
}

export function isAttemptToken(
  serviceKey: string,
  attempt: Parameters<typeof attemptToken>[1],
  token: string | undefined,
): boolean {
  if (token === undefined) return false
  const expected = Buffer.from(attemptToken(serviceKey, attempt))
  const given = Buffer.from(token)
  return expected.length === given.length && timingSafeEqual(expected, given)
}
