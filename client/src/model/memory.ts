import type { JobTemplate } from './job-spec.ts'
import type { Losses } from './shard-record.ts'

/** Memory of the next attempt: grown after each out-of-memory end, up to the job's cap. */
export function memoryBytesOf(template: JobTemplate, losses: Losses | undefined): number {
  const steps = losses?.outOfMemory ?? 0
  const growth = template.retry.outOfMemory
  if (steps === 0 || growth === undefined) return template.memoryBytes
  return Math.min(Math.ceil(template.memoryBytes * growth.factor ** steps), growth.upToBytes)
}
