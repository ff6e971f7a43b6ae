import { publishAll, toShard } from '../../engine/outgoing.ts'
import { paths } from '../../engine/paths.ts'
import { readShardOfJob } from '../../engine/read-shards.ts'
import { decodeShard } from '../../engine/records.ts'
import { type BatchRecord, isTerminal, type ShardRecord, stateOf } from '../../model/index.ts'
import type { Home } from '../home.ts'
import { waitForDocument } from './wait-for-document.ts'

/** Cancels one job, always-run or not. Resolves when its shard's record says so, or the job has ended by itself. */
export async function cancelJob(home: Home, record: BatchRecord, shard: ShardRecord, job: number): Promise<void> {
  const index = job - shard.firstJob
  const isRecorded = (now: ShardRecord) =>
    now.leases[index]?.stopping === true || isTerminal(stateOf(now.states[index] ?? ''))
  if (isRecorded(shard)) return
  const event = { type: 'cancelRequested' as const, jobs: [job] }
  await publishAll(home.bus, [toShard(record.id, shard.shard, record.lanes, [event])])
  await waitForDocument(home, paths.shard(record.id, shard.shard), (document) =>
    document !== undefined && isRecorded(decodeShard(document)) ? true : undefined,
  )
}

/** Tells some jobs' shards to cancel them. */
export async function cancelJobs(home: Home, record: BatchRecord, jobs: readonly number[]): Promise<void> {
  const located = await Promise.all(
    jobs.map(async (job) => ({ job, shard: await readShardOfJob(home.store, record, job) })),
  )
  const byShard = Map.groupBy(located, ({ shard }) => shard?.shard)
  const outgoing = [...byShard].flatMap(([shard, members]) => {
    const event = { type: 'cancelRequested' as const, jobs: members.map(({ job }) => job) }
    return shard === undefined ? [] : [toShard(record.id, shard, record.lanes, [event])]
  })
  await publishAll(home.bus, outgoing)
}
