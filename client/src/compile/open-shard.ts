import { maxChunkBytes, maxShardInPorts, maxShardJobs } from '../model/index.ts'
import { elementAt } from './element-at.ts'
import { childBytes, chunkBytes } from './json-bounds.ts'
import type { ParentLists } from './parent-lists.ts'
import { type DraftPort, type ParentGroup, PortTable } from './port-table.ts'
import type { PreparedJobs } from './prepare-jobs.ts'

/** Room kept in each chunk for out-ports, which are known only when later shards are cut. */
const outPortReserveBytes = 50 * 1024

/** What all shards of a batch are cut from. */
export interface CutInput {
  readonly jobs: PreparedJobs
  /** By position in topological order; parents by number. */
  readonly parents: ParentLists
  /** The number of the job at position 0. */
  readonly firstJob: number
}

/** Splits edges `from` … `to − 1`, whose parents are in closed shards, by shard. */
export type GroupBySource = (from: number, to: number) => Iterable<ParentGroup>

/** What one more job would bring into a shard. */
export interface Addition {
  readonly position: number
  readonly template: number
  readonly sizeBytes: number
  readonly newPorts: number
  readonly ports: readonly { readonly group: ParentGroup; readonly port: DraftPort | undefined }[]
}

/** A shard that still takes jobs. */
export class OpenShard {
  readonly start: number
  readonly table: PortTable
  jobs = 0
  /** An upper bound of the chunk's JSON without its out-ports. */
  sizeBytes = chunkBytes
  inPorts = 0
  readonly #input: CutInput
  readonly #groupBySource: GroupBySource
  readonly #templates = new Set<number>()

  constructor(input: CutInput, groupBySource: GroupBySource, start: number) {
    this.#input = input
    this.#groupBySource = groupBySource
    this.start = start
    this.table = new PortTable(input.parents.targets)
  }

  measure(position: number): Addition {
    const { jobs, parents, firstJob } = this.#input
    const end = elementAt(parents.starts, position + 1)
    const firstLocal = this.#firstLocalEdge(position, firstJob + this.start)
    const template = elementAt(jobs.templateOf, position)
    let sizeBytes = elementAt(jobs.sizesBytes, position) + childBytes * (end - firstLocal)
    if (!this.#templates.has(template)) sizeBytes += 1 + (jobs.templates[template]?.sizeBytes ?? 0)
    let newPorts = 0
    const ports: { group: ParentGroup; port: DraftPort | undefined }[] = []
    for (const group of this.#groupBySource(elementAt(parents.starts, position), firstLocal)) {
      const port = this.table.find(group)
      sizeBytes += this.table.measure(group, port)
      if (port === undefined) newPorts++
      ports.push({ group, port })
    }
    return { position, template, sizeBytes, newPorts, ports }
  }

  /** The first edge of the job at `position` whose parent is in this shard, or the end of its edges. */
  #firstLocalEdge(position: number, firstNumber: number): number {
    const { starts, targets } = this.#input.parents
    let low = elementAt(starts, position)
    let high = elementAt(starts, position + 1)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (elementAt(targets, middle) < firstNumber) low = middle + 1
      else high = middle
    }
    return low
  }

  fits({ sizeBytes, newPorts }: Addition): boolean {
    return (
      this.jobs < maxShardJobs &&
      this.inPorts + newPorts <= maxShardInPorts &&
      this.sizeBytes + sizeBytes <= maxChunkBytes - outPortReserveBytes
    )
  }

  add({ template, sizeBytes, newPorts, ports }: Addition): void {
    this.#templates.add(template)
    for (const { group, port } of ports) this.table.add(group, port, this.jobs)
    this.sizeBytes += sizeBytes
    this.inPorts += newPorts
    this.jobs++
  }
}
