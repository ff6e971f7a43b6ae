import type { BatchRecord } from '../model/index.ts'

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
  for (const [index, update] of record.updates.entries()) {
    if (!update.isCommitted || update.isStartSent) continue
    const number = index + 1
    yield { kind: 'armSweep', key: `sweep:${number}:${record.completions}` }
    if (update.attachesTo.length > 0)
      yield { kind: 'attachPorts', key: `attach:${number}`, update: number, shards: update.attachesTo }
    const shards = Array.from({ length: update.shards }, (_, offset) => update.firstShard + offset)
    yield { kind: 'startShards', key: `start:${number}`, token: update.token, shards }
  }
}

function* cancels(record: BatchRecord): Generator<BatchEffect> {
  if (!record.isCancelled || record.endedAt !== undefined) return
  const shards = [...record.finishedShards].flatMap((digit, shard) => (digit === '0' ? [shard] : []))
  if (shards.length > 0)
    yield { kind: 'cancelShards', key: 'cancel', shards, reason: record.reason ?? 'the batch was cancelled' }
}

function* completion(record: BatchRecord): Generator<BatchEffect> {
  if (record.endedAt === undefined) return
  const { completions } = record
  if (record.callback !== undefined && record.calledBack < completions && !record.isDeleting)
    yield { kind: 'callBack', key: `callback:${completions}`, completion: completions, url: record.callback }
  if (record.scratch === 'deleted') yield { kind: 'deleteScratch', key: `scratch:${completions}` }
  if (record.isDeleting) yield { kind: 'deleteBatch', key: 'delete' }
}

/** With the starts that are known to be sent; stored with the next commit that happens anyway. */
export function rememberBatchSent(record: BatchRecord, sent: Iterable<BatchEffect>): BatchRecord {
  const started = new Set([...sent].flatMap((effect) => (effect.kind === 'startShards' ? [effect.token] : [])))
  if (started.size === 0) return record
  return {
    ...record,
    updates: record.updates.map((update) => (started.has(update.token) ? { ...update, isStartSent: true } : update)),
  }
}
