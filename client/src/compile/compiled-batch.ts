import type { OutPort, PlanChunk } from '../model/index.ts'

/** A batch ready to be stored: chunks in topological order, and the job details too large for them. */
export interface CompiledBatch {
  readonly jobs: number
  /** Different (parent, child) pairs, parents of earlier submissions included. */
  readonly edges: number
  /** SHA-256 of the chunks, 16 hexadecimal digits: the same program gives the same plan. */
  readonly planHash: string
  readonly chunks: readonly PlanChunk[]
  /** By name below `details/`. */
  readonly details: ReadonlyMap<string, string>
  /** The number that each job of the spec got, by its index in the spec. */
  readonly numbers: Uint32Array
  /** Out-ports that shards of earlier submissions get, because these jobs depend on theirs. */
  readonly attached: readonly AttachedToShard[]
}

export interface AttachedToShard {
  readonly shard: number
  readonly outPorts: readonly OutPort[]
}
