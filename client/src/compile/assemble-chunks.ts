import type { PlanChunk, PlannedJob } from '../model/index.ts'
import type { BatchSpec } from './batch-spec.ts'
import type { ShardDraft } from './closed-shards.ts'
import { elementAt } from './element-at.ts'
import { type ParentLists, parentsOf } from './parent-lists.ts'
import type { PreparedJobs } from './prepare-jobs.ts'
import { storedRanges } from './stored-ranges.ts'

export interface ChunkSource {
  readonly spec: BatchSpec
  readonly order: Uint32Array
  readonly jobs: PreparedJobs
  readonly parents: ParentLists
  readonly firstJob: number
}

/** The chunk of one cut shard. */
export function assembleChunk(source: ChunkSource, draft: ShardDraft, shard: number): PlanChunk {
  const templates = new Map<number, number>()
  const jobs: PlannedJob[] = []
  for (let position = draft.start; position < draft.end; position++) {
    const template = elementAt(source.jobs.templateOf, position)
    const local = templates.get(template) ?? templates.size
    templates.set(template, local)
    jobs.push(planJob(source, draft, position, local))
  }
  return {
    shard,
    firstJob: source.firstJob + draft.start,
    templates: [...templates.keys()].map((index) => source.jobs.templates[index]?.template ?? missing(index)),
    jobs,
    inPorts: [...draft.inPorts],
    outPorts: draft.outPorts,
    reportsFailures: source.spec.cancelAfterNFailures !== undefined,
  }
}

function planJob(source: ChunkSource, draft: ShardDraft, position: number, template: number): PlannedJob {
  const spec = source.spec.jobs[elementAt(source.order, position)]
  return {
    ...(spec?.name === undefined ? {} : { name: spec.name }),
    ...(spec?.attributes === undefined ? {} : { attributes: { ...spec.attributes } }),
    template,
    detail: source.jobs.details[position] ?? missing(position),
    parents: storedRanges(localParents(source, draft, position)),
  }
}

/** Indexes in the shard of the parents that a job has in it. */
function* localParents(source: ChunkSource, draft: ShardDraft, position: number): Generator<number> {
  const firstNumber = source.firstJob + draft.start
  for (const parent of parentsOf(source.parents, position)) if (parent >= firstNumber) yield parent - firstNumber
}

function missing(index: number): never {
  throw new RangeError(`there is nothing at ${index}`)
}
