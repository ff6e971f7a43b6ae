import { maxChunkBytes, maxShardJobs } from '../model/index.ts'
import type { BatchSpec } from './batch-spec.ts'
import { ClosedShards, type ShardDraft, type ShardNumbering } from './closed-shards.ts'
import { EarlierEdgesTooLarge } from './earlier-edges-too-large.ts'
import { elementAt } from './element-at.ts'
import { type JobPart, JobTooLarge } from './job-too-large.ts'
import { type CutInput, OpenShard } from './open-shard.ts'

/** Ports attached to an old shard are a document of their own. */
const maxAttachedBytes = 2 * maxChunkBytes

export interface CutSource {
  readonly spec: BatchSpec
  readonly order: Uint32Array
  readonly input: CutInput
  readonly numbering: ShardNumbering
}

/**
 * Cuts jobs into shards in one pass. What later shards add to an earlier one is known only at the end: shards that have
 * become too large by it are cut smaller in another pass.
 * @throws JobTooLarge, EarlierEdgesTooLarge
 */
export function cutShards(source: CutSource, maxJobs = maxShardJobs): ClosedShards {
  const mustStart = new Set<number>()
  for (let start = maxJobs; start < source.order.length; start += maxJobs) mustStart.add(start)
  for (;;) {
    const closed = cutOnce(source, mustStart)
    const overfull = closed.drafts.filter((draft) => draft.sizeBytes > maxChunkBytes)
    if (overfull.length === 0) return checkAttached(closed)
    for (const draft of overfull) splitDraft(source, draft, mustStart)
  }
}

function cutOnce(source: CutSource, mustStart: ReadonlySet<number>): ClosedShards {
  const { input, numbering, order } = source
  const closed = new ClosedShards(numbering, input.parents.targets, order.length)
  const groupBySource = (from: number, to: number) => closed.groupBySource(from, to)
  let shard = new OpenShard(input, groupBySource, 0)
  for (let position = 0; position < order.length; position++) {
    let addition = shard.measure(position)
    if (shard.jobs > 0 && (mustStart.has(position) || !shard.fits(addition))) {
      closed.close(shard)
      shard = new OpenShard(input, groupBySource, position)
      addition = shard.measure(position)
    }
    if (!shard.fits(addition)) throw refuse(source, position, 'parents', addition.sizeBytes)
    shard.add(addition)
  }
  if (shard.jobs > 0) closed.close(shard)
  return closed
}

/** Where jobs of an overfull shard must begin new ones, next time. */
function splitDraft(source: CutSource, { start, end, sizeBytes }: ShardDraft, mustStart: Set<number>): void {
  const jobs = end - start
  if (jobs === 1) throw refuse(source, start, 'children', sizeBytes)
  const pieces = Math.min(jobs, Math.ceil((1.5 * sizeBytes) / maxChunkBytes))
  mustStart.add(start)
  for (let piece = 1; piece <= pieces; piece++) mustStart.add(start + Math.round((piece * jobs) / pieces))
}

function refuse({ spec, order }: CutSource, position: number, part: JobPart, sizeBytes: number): JobTooLarge {
  const index = elementAt(order, position)
  return new JobTooLarge({ index, spec: spec.jobs[index] }, part, sizeBytes, maxChunkBytes)
}

function checkAttached(closed: ClosedShards): ClosedShards {
  for (const { shard, sizeBytes } of closed.attached.values())
    if (sizeBytes > maxAttachedBytes) throw new EarlierEdgesTooLarge(shard, sizeBytes, maxAttachedBytes)
  return closed
}
