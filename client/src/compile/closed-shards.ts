import type { InPort, OutPort } from '../model/index.ts'
import { elementAt } from './element-at.ts'
import { outPortBytes, rangeBytes } from './json-bounds.ts'
import { linkPorts } from './link-ports.ts'
import type { EarlierShard } from './locate-shard.ts'
import type { OpenShard } from './open-shard.ts'
import type { ParentGroup } from './port-table.ts'

/** A cut shard: jobs at positions `start` … `end − 1`. */
export interface ShardDraft {
  readonly start: number
  readonly end: number
  /** An upper bound of its chunk's JSON. Grows with the children that later shards bring. */
  sizeBytes: number
  readonly inPorts: readonly InPort[]
  readonly outPorts: OutPort[]
}

/** Out-ports that a shard of an earlier submission gets. */
export interface AttachedDraft {
  readonly shard: number
  sizeBytes: number
  readonly outPorts: OutPort[]
}

export interface ShardNumbering {
  readonly firstJob: number
  readonly firstShard: number
  readonly shardOfJob: (job: number) => EarlierShard
}

/** The shards that take no more jobs; they know where each parent is. */
export class ClosedShards {
  readonly drafts: ShardDraft[] = []
  readonly attached = new Map<number, AttachedDraft>()
  readonly #numbering: ShardNumbering
  readonly #targets: Uint32Array
  /** Index of the shard of each job, by position. */
  readonly #shardOf: Uint32Array

  constructor(numbering: ShardNumbering, targets: Uint32Array, jobs: number) {
    this.#numbering = numbering
    this.#targets = targets
    this.#shardOf = new Uint32Array(jobs)
  }

  close({ start, jobs, sizeBytes, table }: OpenShard): void {
    const end = start + jobs
    this.#shardOf.fill(this.drafts.length, start, end)
    const linked = linkPorts(table.sources.values(), this.#targets, this.#numbering.firstShard + this.drafts.length)
    this.drafts.push({ start, end, sizeBytes, inPorts: linked.inPorts, outPorts: [] })
    for (const { source, outPort } of linked.outPorts) {
      const draft = this.#draftOf(source)
      draft.outPorts.push(outPort)
      draft.sizeBytes += outPortBytes + rangeBytes * outPort.parents.length
    }
  }

  #draftOf(shard: number): ShardDraft | AttachedDraft {
    const draft = this.drafts[shard - this.#numbering.firstShard] ?? this.attached.get(shard)
    if (draft !== undefined) return draft
    const attached = { shard, sizeBytes: 0, outPorts: [] }
    this.attached.set(shard, attached)
    return attached
  }

  /** Splits edges `from` … `to − 1`, parents ascending and all in closed shards, by shard. */
  *groupBySource(from: number, to: number): Generator<ParentGroup> {
    for (let edge = from; edge < to; ) {
      const source = this.#sourceOf(elementAt(this.#targets, edge))
      const start = edge
      while (edge < to && this.#isIn(elementAt(this.#targets, edge), source)) edge++
      yield { source: source.shard, sourceFirstJob: source.firstJob, from: start, to: edge }
    }
  }

  #isIn(job: number, source: EarlierShard & { readonly endJob: number | undefined }): boolean {
    if (source.endJob !== undefined) return job < source.endJob
    return job < this.#numbering.firstJob && this.#numbering.shardOfJob(job).shard === source.shard
  }

  #sourceOf(job: number): EarlierShard & { readonly endJob: number | undefined } {
    const { firstJob, firstShard, shardOfJob } = this.#numbering
    if (job < firstJob) return { ...shardOfJob(job), endJob: undefined }
    const index = elementAt(this.#shardOf, job - firstJob)
    const draft = this.drafts[index]
    if (draft === undefined) throw new RangeError(`job ${job} is in no closed shard`)
    return { shard: firstShard + index, firstJob: firstJob + draft.start, endJob: firstJob + draft.end }
  }
}
