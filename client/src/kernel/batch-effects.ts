import { type BatchRecord, type BatchUpdate, isDeleted } from '../model/index.ts'
import { isCommittedShard } from './reduce-batch.ts'

/** What follows from a batch record: lasting facts with a key, as those of a shard. */
export type BatchEffect =
  | { readonly kind: 'startShards'; readonly key: string; readonly token: string; readonly shards: readonly number[] }
  | { readonly kind: 'attachPorts'; readonly key: string; readonly update: number; readonly shards: readonly number[] }
  | { readonly kind: 'cancelShards'; readonly key: string; readonly shards: readonly number[]; readonly reason: string }
  | { readonly kind: 'armSweep'; readonly key: string }
  | { readonly kind: 'callBack'; readonly key: string; readonly completion: number; readonly url: string }
  | { readonly kind: 'deleteScratch'; readonly key: string }
  | { readonly kind: 'deleteBatch'; readonly key: string }

export function batchEffects(record: BatchRecord): BatchEffect[] {
  return [...starts(record), ...cancels(record), ...completion(record)]
}

function* starts(record: BatchRecord): Generator<BatchEffect> {
  for (const update of record.updates) {
    if (update.isCommitted && !update.isStartSent) yield* startOf(update, record.completions)
  }
}

function* startOf(update: BatchUpdate, completions: number): Generator<BatchEffect> {
  const { number } = update
  yield { kind: 'armSweep', key: `sweep:${number}:${completions}` }
  if (update.attachesTo.length > 0)
    yield { kind: 'attachPorts', key: `attach:${number}`, update: number, shards: update.attachesTo }
  const shards = Array.from({ length: update.shards }, (_, offset) => update.firstShard + offset)
  yield { kind: 'startShards', key: `start:${number}`, token: update.token, shards }
}

function* cancels(record: BatchRecord): Generator<BatchEffect> {
  if (!record.isCancelled) return
  const shards = [...record.finishedShards].flatMap((digit, shard) =>
    digit === '0' && isCommittedShard(record, shard) ? [shard] : [],
  )
  if (shards.length > 0)
    yield { kind: 'cancelShards', key: 'cancel', shards, reason: record.reason ?? 'the batch was cancelled' }
}

function* completion(record: BatchRecord): Generator<BatchEffect> {
  if (record.endedAt === undefined) return
  const { completions } = record
  if (record.callback !== undefined && record.calledBack < completions && !isDeleted(record))
    yield { kind: 'callBack', key: `callback:${completions}`, completion: completions, url: record.callback }
  if (record.scratch === 'deleted') yield { kind: 'deleteScratch', key: `scratch:${completions}` }
  if (record.isDeleting) yield { kind: 'deleteBatch', key: 'delete' }
}

/**
 * With the starts that are known to be sent; stored with the next commit that happens anyway. A start counts with all
 * that belongs to it: shards that were started and whose ports were never attached would wait for ever.
 */
export function rememberBatchSent(record: BatchRecord, sent: Iterable<BatchEffect>): BatchRecord {
  const keys = new Set([...sent].map((effect) => effect.key))
  let hasNews = false
  const updates = record.updates.map((update) => {
    if (!update.isCommitted || update.isStartSent) return update
    const told = [...startOf(update, record.completions)].filter((effect) => effect.kind !== 'armSweep')
    if (!told.every((effect) => keys.has(effect.key))) return update
    hasNews = true
    return { ...update, isStartSent: true }
  })
  return hasNews ? { ...record, updates } : record
}
