import { type PoolId, poolId } from './ids.ts'
import type { JobTemplate } from './job-spec.ts'
import { hash32 } from './lanes.ts'
import { classFor, classNamed, type MachineClass, nameOfClass } from './machine-class.ts'
import type { Losses } from './shard-record.ts'

/** The pool of a job: a pure function of what it asks for and what it has lost, so it is never stored. */
export function poolOf(template: JobTemplate, losses: Losses | undefined): PoolId {
  const isSpot = template.spot && (losses?.preemptedInARow ?? 0) < template.retry.onDemandAfter
  const size = template.machineType === undefined ? nameOfClass(classOf(template, losses)) : undefined
  const wish = [template.machineType, template.accelerator, template.regions].filter((part) => part !== undefined)
  const wishName = wish.length === 0 ? undefined : hash32(JSON.stringify(wish)).toString(36)
  return poolId([isSpot ? 'spot' : 'standard', size, wishName].filter((part) => part !== undefined).join('-'))
}

const classOf = (template: JobTemplate, losses: Losses | undefined): MachineClass =>
  classFor({ cpuMillis: template.cpuMillis, memoryBytes: memoryBytesOf(template, losses) })

/** What the name of a pool tells. `hasWish`: its jobs also ask for a machine type, an accelerator or regions. */
export interface PoolName {
  readonly isSpot: boolean
  readonly size: MachineClass
  readonly hasWish: boolean
}

export function parsePool(pool: PoolId): PoolName {
  const [base, ...rest] = pool.split('-')
  const size = rest.map(classNamed).find((one) => nameOfClass(one) !== undefined)
  const hasWish = rest.some((part) => nameOfClass(classNamed(part)) === undefined)
  return { isSpot: base === 'spot', size: size ?? classNamed(''), hasWish }
}

/** Memory of the next attempt: grown after each out-of-memory end, up to the job's cap. */
export function memoryBytesOf(template: JobTemplate, losses: Losses | undefined): number {
  const steps = losses?.outOfMemory ?? 0
  const growth = template.retry.outOfMemory
  if (steps === 0 || growth === undefined) return template.memoryBytes
  return Math.min(Math.ceil(template.memoryBytes * growth.factor ** steps), growth.upToBytes)
}
