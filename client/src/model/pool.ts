import { type PoolId, poolId } from './ids.ts'
import type { JobTemplate } from './job-spec.ts'
import { hash32 } from './lanes.ts'
import { machineShapeOf } from './machine-shape.ts'
import type { Losses } from './shard-record.ts'

/** The pool of a job: a pure function of what it asks for and what it has lost, so it is never stored. */
export function poolOf(template: JobTemplate, losses: Losses | undefined): PoolId {
  const { isSpot, size, machineType, accelerator, regions, storageGb } = machineShapeOf(template, losses)
  const base = isSpot ? 'spot' : 'standard'
  const special = [size, machineType, accelerator, regions, storageGb].filter((part) => part !== undefined)
  if (special.length === 0) return poolId(base)
  return poolId(`${base}-${hash32(JSON.stringify(special)).toString(36)}`)
}
