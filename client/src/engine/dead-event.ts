import { paths } from './paths.ts'
import type { Write } from './ports.ts'

/** Long enough for somebody to look. */
const keptMs = 30 * 24 * 3_600_000

/** What is set aside for a person to see: an event that makes the kernel throw, or a message that cannot be read. */
export type DeadEvent =
  | { readonly path: string; readonly event: string; readonly error: string }
  | { readonly problem: string; readonly body: string }

/** Repeating it is harmless. */
export const deadEventWrite = (id: string, dead: DeadEvent, now: number): Write => ({
  kind: 'set',
  path: paths.deadEvent(id),
  document: { ...dead, receivedAt: new Date(now), expireAt: new Date(now + keptMs) },
  expect: 'any',
})
