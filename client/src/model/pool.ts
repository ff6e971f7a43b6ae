import { type PoolId, poolId } from './ids.ts'
import type { JobTemplate } from './job-spec.ts'
import { hash32 } from './lanes.ts'
import type { Losses } from './shard-record.ts'

/** The pool of a job: a pure function of what it asks for and what it has lost, so it is never stored. */
export function poolOf(template: JobTemplate, losses: Losses | undefined): PoolId {
  const isSpot = template.spot && (losses?.preemptedInARow ?? 0) < template.retry.onDemandAfter
  const base = isSpot ? 'spot' : 'standard'
  const shape = [template.machineType, template.accelerator, template.regions].filter((part) => part !== undefined)
  if (shape.length === 0) return poolId(base)
  return poolId(`${base}-${hash32(JSON.stringify(shape)).toString(36)}`)
}

/** Memory of the next attempt: grown after each out-of-memory end, up to the job's cap. */
export function memoryBytesOf(template: JobTemplate, losses: Losses | undefined): number {
  const steps = losses?.outOfMemory ?? 0
  const growth = template.retry.outOfMemory
  if (steps === 0 || growth === undefined) return template.memoryBytes
  return Math.min(Math.ceil(template.memoryBytes * growth.factor ** steps), growth.upToBytes)
}
