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
  /** Gigabytes (10^9) for the job's files. Absent: the disk that every machine has will do. */
  storageGb: z.number().int().optional(),
})
export type MachineShape = z.infer<typeof machineShapeSchema>

/**
 * The largest job of which the common machine holds one: 60 of 64 GiB are for jobs (see `gibForJobs`), and this much of
 * the smallest disk that a deployment may choose.
 */
export const commonLimits = { cores: 16, memoryGiB: 60, storageGb: 32 } as const

/** Jobs that ask for about as much storage share a pool. */
const storageStepGb = 50

/** Machines made to measure have 1 core or an even number, and at most so much memory for each.
 * https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type (2026-11) */
const mostGiBPerCore = 8

/** The machine for a job's next attempt: a pure function of what it asks for and what it has lost. */
export function machineShapeOf(template: JobTemplate, losses: Losses | undefined): MachineShape {
  const { accelerator, machineType, regions } = template
  const storageGb = storageGbOf(template.storageBytes)
  const isSpecial = accelerator !== undefined || storageGb !== undefined
  const size = machineType === undefined ? sizeOf(template, losses, isSpecial) : undefined
  return {
    isSpot: template.spot && (losses?.preemptedInARow ?? 0) < template.retry.onDemandAfter,
    ...(size !== undefined && { size }),
    ...(machineType !== undefined && { machineType }),
    ...(accelerator !== undefined && { accelerator }),
    ...(regions !== undefined && { regions }),
    ...(storageGb !== undefined && { storageGb }),
  }
}

function storageGbOf(bytes: number): number | undefined {
  const gb = Math.ceil(bytes / 1e9)
  return gb <= commonLimits.storageGb ? undefined : Math.ceil(gb / storageStepGb) * storageStepGb
}

function sizeOf(template: JobTemplate, losses: Losses | undefined, isSpecial: boolean): MachineShape['size'] {
  const memoryGiB = Math.max(1, Math.ceil(memoryBytesOf(template, losses) / 2 ** 30))
  const asked = Math.ceil(template.cpuMillis / 1000)
  if (!isSpecial && asked <= commonLimits.cores && memoryGiB <= commonLimits.memoryGiB) return undefined
  const least = Math.max(asked, Math.ceil(memoryGiB / mostGiBPerCore))
  return { cores: least === 1 ? 1 : least + (least % 2), memoryGiB }
}

/** The job gets the whole machine: it named the machine, or has accelerators that nobody can share. */
export const needsWholeMachine = ({
  machineType,
  accelerator,
}: Pick<MachineShape, 'machineType' | 'accelerator'>): boolean => machineType !== undefined || accelerator !== undefined
