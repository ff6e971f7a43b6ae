import {
  type AttachedPorts,
  inRanges,
  type JobTemplate,
  type OutPort,
  type PlanChunk,
  type PlannedJob,
} from '../model/index.ts'
import { checkChunk } from './check-chunk.ts'

/** One port of another shard: resolved when all these jobs of this shard have ended. */
export interface OutEdge {
  readonly toShard: number
  readonly port: number
  readonly parents: readonly number[]
}

/** A chunk made ready for `reduce`: who waits for whom, by index in the shard. Never changes. */
export interface ShardPlan {
  readonly chunk: PlanChunk
  readonly size: number
  readonly portCount: number
  readonly parents: readonly (readonly number[])[]
  readonly children: readonly (readonly number[])[]
  readonly portsOf: readonly (readonly number[])[]
  readonly childrenOfPort: readonly (readonly number[])[]
  readonly sourceOfPort: readonly number[]
  readonly outEdges: readonly OutEdge[]
}

/**
 * @param attached extra out-ports of later updates: those that the shard's record lists, in that order
 * @throws Error if the chunk is damaged: the shard can never be computed
 */
export function indexPlan(chunk: PlanChunk, attached: readonly AttachedPorts[] = []): ShardPlan {
  const outPorts = [...chunk.outPorts, ...attached.flatMap((ports) => ports.outPorts)]
  checkChunk(chunk, outPorts)
  const size = chunk.jobs.length
  const parents = chunk.jobs.map((job) => [...inRanges(job.parents)])
  const children: number[][] = chunk.jobs.map(() => [])
  for (const [index, local] of parents.entries()) for (const parent of local) children[parent]?.push(index)
  const { portsOf, childrenOfPort, sourceOfPort } = indexInPorts(chunk)
  return {
    chunk,
    size,
    portCount: sourceOfPort.length,
    parents,
    children,
    portsOf,
    childrenOfPort,
    sourceOfPort,
    outEdges: outPorts.flatMap(expandOutPort),
  }
}

/** The ports of each job, and the jobs and the source of each port. */
export function indexInPorts(chunk: PlanChunk) {
  const portsOf: number[][] = chunk.jobs.map(() => [])
  const childrenOfPort: number[][] = []
  const sourceOfPort: number[] = []
  for (const inPort of chunk.inPorts) {
    const children = [...inRanges(inPort.children)]
    for (let offset = 0; offset < inPort.count; offset++) {
      const waiting = inPort.count === 1 ? children : children.slice(offset, offset + 1)
      const port = inPort.first + offset
      childrenOfPort[port] = waiting
      sourceOfPort[port] = inPort.fromShard
      for (const child of waiting) portsOf[child]?.push(port)
    }
  }
  return { portsOf, childrenOfPort, sourceOfPort }
}

/** Port by port. */
export function expandOutPort(outPort: OutPort): OutEdge[] {
  const parents = [...inRanges(outPort.parents)]
  if (outPort.count === 1) return [{ toShard: outPort.toShard, port: outPort.first, parents }]
  return parents.map((parent, offset) => ({
    toShard: outPort.toShard,
    port: outPort.first + offset,
    parents: [parent],
  }))
}

/** @throws Error if the plan has no such job: event and plan are of different batches */
export function plannedJob(plan: ShardPlan, index: number): PlannedJob {
  const job = plan.chunk.jobs[index]
  if (job === undefined) throw new Error(`shard ${plan.chunk.shard} has no job at index ${index}`)
  return job
}

export function templateOf(plan: ShardPlan, index: number): JobTemplate {
  const template = plan.chunk.templates[plannedJob(plan, index).template]
  if (template === undefined) throw new Error(`shard ${plan.chunk.shard}: job at index ${index} has no template`)
  return template
}
