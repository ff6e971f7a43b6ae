import { z } from 'zod'
import type { JobTemplate } from './job-spec.ts'
import { memoryBytesOf } from './memory.ts'
import type { Losses } from './shard-record.ts'

/** What a machine must be for a job, as the one who launches machines is told. */
export const machineShapeSchema = z.object({
  isSpot: z.boolean(),
  /** Absent: the common machine, which many jobs share. Otherwise one that just holds such a job. */
  size: z.object({ cores: z.number().int(), memoryGiB: z.number().int() }).optional(),
  machineType: z.string().optional(),
  accelerator: z.object({ type: z.string(), count: z.number().int() }).optional(),
  /** Absent: as the service decides. */
  regions: z.array(z.string()).optional(),
})
export type MachineShape = z.infer<typeof machineShapeSchema>

/** The largest job of which the common machine holds one. */
const commonCores = 16
const commonMemoryGiB = 64

/** Machines made to measure have 1 core or an even number, and at most so much memory for each.
 * https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type (2026-11) */
const mostGiBPerCore = 8

/** The machine for a job's next attempt: a pure function of what it asks for and what it has lost. */
export function machineShapeOf(template: JobTemplate, losses: Losses | undefined): MachineShape {
  const { accelerator, machineType, regions } = template
  const size = machineType === undefined ? sizeOf(template.cpuMillis, memoryBytesOf(template, losses)) : undefined
  return {
    isSpot: template.spot && (losses?.preemptedInARow ?? 0) < template.retry.onDemandAfter,
    ...(size !== undefined && { size }),
    ...(machineType !== undefined && { machineType }),
    ...(accelerator !== undefined && { accelerator }),
    ...(regions !== undefined && { regions }),
  }
}

function sizeOf(cpuMillis: number, memoryBytes: number): MachineShape['size'] {
  const memoryGiB = Math.max(1, Math.ceil(memoryBytes / 2 ** 30))
  const asked = Math.ceil(cpuMillis / 1000)
  if (asked <= commonCores && memoryGiB <= commonMemoryGiB) return undefined
  const least = Math.max(asked, Math.ceil(memoryGiB / mostGiBPerCore))
  return { cores: least === 1 ? 1 : least + (least % 2), memoryGiB }
}

/** The job gets the whole machine: it named the machine, or has accelerators that nobody can share. */
export const needsWholeMachine = ({
  machineType,
  accelerator,
}: Pick<MachineShape, 'machineType' | 'accelerator'>): boolean => machineType !== undefined || accelerator !== undefined
