import { type BatchRecord, maxShardInPorts, type ShardEvent, type ShardRecord, shardId } from '../model/index.ts'
import { isFinished } from './effects.ts'
import { isCommittedShard, isComplete } from './reduce-batch.ts'

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
  if (isKnownFinished || seen.stoodMs === 0 || !isCommittedShard(batch, record.shard)) return []
  const events: ShardEvent[] = []
  if (!record.isStarted) events.push({ type: 'batchStarted' })
  if (batch.isCancelled && !record.isCancelled)
    events.push({ type: 'cancelRequested', ...(batch.reason !== undefined && { reason: batch.reason }) })
  if (record.ports.includes('.')) events.push(...edgesOfBrokenShards(batch))
  const waits = isFinished(record) || (record.counts.ready > 0 && record.paused === undefined)
  const isStale = seen.stoodMs >= staleAfterMs * 2 ** Math.min(seen.asked, 10)
  if (waits || isStale) events.push({ type: 'swept', resend: true })
  return events
}

/** Always-run jobs are not cancelled with their batch, and would wait for ever for parents in a shard that is broken. */
const edgesOfBrokenShards = (batch: BatchRecord): ShardEvent[] =>
  (batch.brokenShards ?? []).map((shard) => ({
    type: 'edgesResolved',
    fromShard: shardId(shard),
    succeeded: [],
    failed: [[0, maxShardInPorts - 1]],
  }))

/** Whether a batch needs watching. One that was reserved and never submitted does not: nothing of it can be missing. */
export const needsSweep = (batch: BatchRecord): boolean =>
  batch.isDeleting || (batch.updates.some((update) => update.isCommitted) && !isComplete(batch))
