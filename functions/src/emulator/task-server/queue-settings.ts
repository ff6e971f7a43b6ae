import { z } from 'zod'
import { millisecondsSchema, toSeconds } from './wire.ts'

/** How fast a queue dispatches and how it retries. */
export interface QueueSettings {
  readonly maxDispatchesPerSecond: number
  readonly maxConcurrentDispatches: number
  /** −1: without limit. */
  readonly maxAttempts: number
  /** 0: attempts alone decide. */
  readonly maxRetryDurationMs: number
  readonly minBackoffMs: number
  readonly maxBackoffMs: number
  readonly maxDoublings: number
}

/** Of a queue that is made without settings. https://cloud.google.com/tasks/docs/configuring-queues (2026-11) */
const DEFAULTS: QueueSettings = {
  maxDispatchesPerSecond: 500,
  maxConcurrentDispatches: 1000,
  maxAttempts: 100,
  maxRetryDurationMs: 0,
  minBackoffMs: 100,
  maxBackoffMs: 3_600_000,
  maxDoublings: 16,
}

export const queueSchema = z.object({
  name: z.string().default(''),
  rateLimits: z.object({ maxDispatchesPerSecond: z.number(), maxConcurrentDispatches: z.number() }).partial().nullish(),
  retryConfig: z
    .object({
      maxAttempts: z.number(),
      maxRetryDuration: millisecondsSchema.nullable(),
      minBackoff: millisecondsSchema.nullable(),
      maxBackoff: millisecondsSchema.nullable(),
      maxDoublings: z.number(),
    })
    .partial()
    .nullish(),
})
export type QueueMessage = z.infer<typeof queueSchema>

/** What is unset or zero keeps its value. */
export function settingsOf(
  { rateLimits, retryConfig }: QueueMessage,
  current: QueueSettings = DEFAULTS,
): QueueSettings {
  return {
    maxDispatchesPerSecond: rateLimits?.maxDispatchesPerSecond || current.maxDispatchesPerSecond,
    maxConcurrentDispatches: rateLimits?.maxConcurrentDispatches || current.maxConcurrentDispatches,
    maxAttempts: retryConfig?.maxAttempts || current.maxAttempts,
    maxRetryDurationMs: retryConfig?.maxRetryDuration || current.maxRetryDurationMs,
    minBackoffMs: retryConfig?.minBackoff || current.minBackoffMs,
    maxBackoffMs: retryConfig?.maxBackoff || current.maxBackoffMs,
    maxDoublings: retryConfig?.maxDoublings || current.maxDoublings,
  }
}

/** Dispatches that a queue which rested may make at once. */
export function burstOf({ maxDispatchesPerSecond }: QueueSettings): number {
  return Math.max(1, Math.ceil(maxDispatchesPerSecond / 5))
}

/** Doubles at first, then grows evenly by the last doubling, up to the greatest. `attempts` have failed. */
export function backoffMs(settings: QueueSettings, attempts: number): number {
  const doublings = Math.min(attempts - 1, settings.maxDoublings)
  const doubled = settings.minBackoffMs * 2 ** doublings
  const evenSteps = attempts - 1 - doublings
  return Math.min(settings.maxBackoffMs, doubled * (1 + evenSteps))
}

export function settingsMessage(settings: QueueSettings): object {
  return {
    rateLimits: {
      maxDispatchesPerSecond: settings.maxDispatchesPerSecond,
      maxBurstSize: burstOf(settings),
      maxConcurrentDispatches: settings.maxConcurrentDispatches,
    },
    retryConfig: {
      maxAttempts: settings.maxAttempts,
      maxRetryDuration: settings.maxRetryDurationMs > 0 ? toSeconds(settings.maxRetryDurationMs) : null,
      minBackoff: toSeconds(settings.minBackoffMs),
      maxBackoff: toSeconds(settings.maxBackoffMs),
      maxDoublings: settings.maxDoublings,
    },
  }
}
