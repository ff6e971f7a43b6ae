import type { BatchRecord, ShardEvent, ShardRecord } from '../model/index.ts'
import { isFinished } from './effects.ts'
import { isComplete } from './reduce-batch.ts'

/** A shard as the sweep saw it one period ago. */
export interface Sighting {
  readonly version: number
  /** How long it has stood at this version, in ms. */
  readonly stoodMs: number
  /** How often it has been asked to resend since it stopped. */
  readonly asked: number
}

/** Pending jobs that nothing has moved for this long get their edges asked for; then after twice that, and so on. */
export const staleAfterMs = 10 * 60_000

/**
 * What a sweep should say to a shard that stands still: nothing while it moves, so that the sweep is silent in peace.
 * The missing effects themselves come from `effects` once the memory of what was sent is cleared.
 */
export function overdueEffects(batch: BatchRecord, record: ShardRecord, seen: Sighting): ShardEvent[] {
  const isKnownFinished = batch.finishedShards[record.shard] === '1'
  const events: ShardEvent[] = []
  const mustStart = isCommittedShard(batch, record.shard) && !record.isStarted
  if (mustStart && seen.stoodMs > 0) events.push({ type: 'batchStarted' })
  if (batch.isCancelled && !record.isCancelled && !isKnownFinished && seen.stoodMs > 0)
    events.push({ type: 'cancelRequested' })
  if (isKnownFinished || seen.stoodMs === 0) return events
  const waits = isFinished(record) || record.counts.ready > 0
  const isStale = seen.stoodMs >= staleAfterMs * 2 ** Math.min(seen.asked, 10)
  if (waits || isStale) events.push({ type: 'swept', resend: true })
  return events
}

function isCommittedShard(batch: BatchRecord, shard: number): boolean {
  return batch.updates.some(
    (update) => update.isCommitted && shard >= update.firstShard && shard < update.firstShard + update.shards,
  )
}

/** Whether a batch record has said all there is to say. */
export const needsSweep = (batch: BatchRecord): boolean => !isComplete(batch) || batch.isDeleting
