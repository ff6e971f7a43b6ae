import type { BatchRecord, ShardRecord } from '../model/index.ts'
import { shardId } from '../model/index.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { decodeShard } from './records.ts'

/**
 * The shard of a job. Shards are about equally long, so the first guess is right nearly always; otherwise it narrows.
 * @returns `undefined` if no committed job has that number
 */
export async function findShardOf(store: Store, record: BatchRecord, job: number): Promise<ShardRecord | undefined> {
  const update = record.updates.find(
    ({ firstJob, jobs, isCommitted }) => isCommitted && job >= firstJob && job < firstJob + jobs,
  )
  if (update === undefined) return undefined
  let low = { shard: update.firstShard, job: update.firstJob }
  let high = { shard: update.firstShard + update.shards, job: update.firstJob + update.jobs }
  while (low.shard < high.shard) {
    const share = (job - low.job) / (high.job - low.job)
    const guess = Math.min(high.shard - 1, low.shard + Math.floor(share * (high.shard - low.shard)))
    const [found] = await store.read([paths.shard(record.id, shardId(guess))])
    if (found === undefined) return undefined
    const shard = decodeShard(found.document)
    const end = shard.firstJob + shard.states.length
    if (job < shard.firstJob) high = { shard: guess, job: shard.firstJob }
    else if (job >= end) low = { shard: guess + 1, job: end }
    else return shard
  }
  return undefined
}
