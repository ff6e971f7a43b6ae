import {
  type JobTemplate,
  memoryBytesOf,
  type PlanChunk,
  type PoolId,
  poolOf,
  type Resources,
  type ShardRecord,
} from '../model/index.ts'
import { paths } from './paths.ts'
import type { Store } from './ports.ts'
import { decodeChunk } from './records.ts'

/** What a shard's jobs ask for. */
interface Needs {
  readonly templates: readonly JobTemplate[]
  /** The template of each job, by index. */
  readonly templateOf: readonly number[]
}

/** A job as the provisioner sees it. */
export interface NeedyJob {
  readonly pool: PoolId
  readonly need: Resources
}

const maxKept = 256

/** The needs of jobs, read from plan chunks. Chunks never change, so what has been read once is kept. */
export class NeedsCache {
  readonly #kept = new Map<string, Needs>()

  /** Reads the chunks of these shards, where they are not known. One that is not there is left out. */
  async load(store: Store, shards: readonly ShardRecord[]): Promise<void> {
    const missing = shards.map(pathOf).filter((path) => !this.#kept.has(path))
    const found = await store.read(missing)
    for (const one of found) if (one !== undefined) this.#keep(one.path, decodeChunk(one.document))
  }

  /** The jobs whose letter is one of `letters`; `undefined` if the shard's plan has not been read. */
  jobs(shard: ShardRecord, letters: string): NeedyJob[] | undefined {
    const needs = this.#kept.get(pathOf(shard))
    if (needs === undefined) return undefined
    const jobs: NeedyJob[] = []
    for (let index = 0; index < shard.states.length; index++) {
      const template = needs.templates[needs.templateOf[index] ?? -1]
      if (template === undefined || !letters.includes(shard.states[index] ?? '-')) continue
      jobs.push(needyJob(template, shard, index))
    }
    return jobs
  }

  #keep(path: string, { templates, jobs }: PlanChunk): void {
    this.#kept.set(path, { templates, templateOf: jobs.map(({ template }) => template) })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxKept) return
      this.#kept.delete(oldest)
    }
  }
}

const pathOf = ({ batch, planHash, shard }: ShardRecord): string => paths.chunk(batch, planHash, shard)

function needyJob(template: JobTemplate, shard: ShardRecord, index: number): NeedyJob {
  const losses = shard.losses[index]
  const { cpuMillis, storageBytes } = template
  const need = { cpuMillis, memoryBytes: memoryBytesOf(template, losses), storageBytes }
  return { pool: poolOf(template, losses), need }
}
