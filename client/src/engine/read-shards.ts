import { type BatchId, type BatchRecord, type BatchUpdate, inRanges, type ShardRecord } from '../model/index.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { decodeShard, storedShard } from './records.ts'

const shardsPerRead = 300

/** Every shard of the batch, by number; those of reserved and never committed updates too. */
export async function readShards(store: Store, batch: BatchId): Promise<ShardRecord[]> {
  const shards: ShardRecord[] = []
  let after: string | undefined
  for (;;) {
    const page = await store.query({ kind: 'collection', path: paths.shardsOf(batch), after, limit: shardsPerRead })
    for (const { document } of page) shards.push(decodeShard(document))
    after = page.at(-1)?.path
    if (page.length < shardsPerRead) return shards.sort((left, right) => left.shard - right.shard)
  }
}

/** Numbers of the shards that take part in the batch, ascending. */
export const committedShards = (record: BatchRecord): number[] =>
  [...inRanges(record.archived.shards), ...committedUpdates(record).flatMap(shardsOfUpdate)].sort(
    (left, right) => left - right,
  )

/** Numbers of the shards that an update brought. */
export const shardsOfUpdate = ({ firstShard, shards }: Pick<BatchUpdate, 'firstShard' | 'shards'>): number[] =>
  Array.from({ length: shards }, (_, offset) => firstShard + offset)

const committedUpdates = (record: BatchRecord): BatchUpdate[] => record.updates.filter((update) => update.isCommitted)

/** Some shards, in the order of `numbers`; one that is not there is left out. */
export async function readSomeShards(store: Store, batch: BatchId, numbers: readonly number[]): Promise<ShardRecord[]> {
  const found: ShardRecord[] = []
  for (let first = 0; first < numbers.length; first += shardsPerRead) {
    const part = numbers.slice(first, first + shardsPerRead)
    const documents = await store.read(part.map((shard) => `${paths.shardsOf(batch)}/${shard}`))
    found.push(...documents.flatMap((document) => storedShard(document)?.record ?? []))
  }
  return found
}

/** The shard of a job, or `undefined` if the batch has no such job. Reads about log₂ of the number of shards. */
export async function readShardOfJob(store: Store, record: BatchRecord, job: number): Promise<ShardRecord | undefined> {
  const numbers = shardsAround(record, job)
  let low = 0
  let high = numbers.length - 1
  for (;;) {
    const middle = (low + high) >>> 1
    const number = numbers[middle]
    const [shard] = number === undefined || low > high ? [] : await readSomeShards(store, record.id, [number])
    if (shard === undefined) return undefined
    if (job < shard.firstJob) high = middle - 1
    else if (job >= shard.firstJob + shard.states.length) low = middle + 1
    else return shard
  }
}

/** Shards of which one has the job: those of its update, if the record still lists that. Jobs rise with shards. */
function shardsAround(record: BatchRecord, job: number): number[] {
  const update = committedUpdates(record).find(({ firstJob, jobs }) => job >= firstJob && job < firstJob + jobs)
  return update === undefined ? [...inRanges(record.archived.shards)] : shardsOfUpdate(update)
}
