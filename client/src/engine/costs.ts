import { costOf } from '../kernel/index.ts'
import type { BatchRecord, Lease, ShardRecord } from '../model/index.ts'

/** US dollars of a shard's attempts: of those that have ended, and of those in flight so far. */
export function dollarsOfShard({ spent = 0, leases }: Pick<ShardRecord, 'spent' | 'leases'>, now: number): number {
  return Object.values(leases).reduce((sum, lease) => sum + costOf(lease, now), spent)
}

/** US dollars of a batch: `unfinished` are the shards that its record does not count yet. */
export const dollarsOfBatch = (record: Pick<BatchRecord, 'spent'>, unfinished: readonly number[]): number =>
  unfinished.reduce((sum, dollars) => sum + dollars, record.spent ?? 0)

/** US dollars of a job: what its earlier attempts have cost is in the record while it goes on, and in the document after. */
export function dollarsOfJob(
  { leases, losses }: Pick<ShardRecord, 'leases' | 'losses'>,
  { index, told = 0, now }: { readonly index: number; readonly told: number | undefined; readonly now: number },
): number {
  const lease: Lease | undefined = leases[index]
  return lease === undefined
    ? Math.max(told, losses[index]?.spent ?? 0)
    : (losses[index]?.spent ?? 0) + costOf(lease, now)
}
