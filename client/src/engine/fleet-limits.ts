import { z } from 'zod'

/** What may be there at once. Absent: as much as there is demand for. */
export const capSchema = z.object({
  machines: z.number().int().min(0).optional(),
  cpus: z.number().min(0).optional(),
  dollarsPerHour: z.number().min(0).optional(),
})
export type Cap = z.infer<typeof capSchema>

/** What machines may cost, by whom they are for. Looked at before a machine is made, never after. */
export interface FleetLimits {
  readonly pool: Cap
  /** All pools together. */
  readonly deployment: Cap
  /**
   * What machines are made for, per batch: how many beside those that have its jobs, and with how many cores and dollars
   * an hour of its jobs. What others leave free it may have beyond that.
   */
  readonly batch: Cap
  /** What a batch may cost in all; it pauses when it has. */
  readonly dollarsPerBatch?: number | undefined
}

export const noLimits: FleetLimits = { pool: {}, deployment: {}, batch: {} }

/** Machines that are there, or are on their way. */
export interface Usage {
  readonly machines: number
  readonly cpus: number
  readonly dollarsPerHour: number
}

/** Of one machine. */
export interface Sized {
  readonly cpuMillis: number
  readonly dollarsPerHour: number
}

export const usageOf = (machines: Iterable<Sized>): Usage => {
  const usage = { machines: 0, cpus: 0, dollarsPerHour: 0 }
  for (const { cpuMillis, dollarsPerHour } of machines) {
    usage.machines += 1
    usage.cpus += cpuMillis / 1000
    usage.dollarsPerHour += dollarsPerHour
  }
  return usage
}

export const addUsage = (left: Usage, right: Usage): Usage => ({
  machines: left.machines + right.machines,
  cpus: left.cpus + right.cpus,
  dollarsPerHour: left.dollarsPerHour + right.dollarsPerHour,
})

/** How many of `wanted` machines a cap still allows, and what stops the others. */
export function allow(cap: Cap, used: Usage, one: Sized, wanted: number): { count: number; stoppedBy?: keyof Cap } {
  const rooms: [keyof Cap, number][] = [
    ['machines', (cap.machines ?? Number.POSITIVE_INFINITY) - used.machines],
    ['cpus', roomFor((cap.cpus ?? Number.POSITIVE_INFINITY) - used.cpus, one.cpuMillis / 1000)],
    [
      'dollarsPerHour',
      roomFor((cap.dollarsPerHour ?? Number.POSITIVE_INFINITY) - used.dollarsPerHour, one.dollarsPerHour),
    ],
  ]
  const [tightest, room] = rooms.reduce((least, next) => (next[1] < least[1] ? next : least))
  return room >= wanted ? { count: wanted } : { count: Math.max(0, room), stoppedBy: tightest }
}

const roomFor = (left: number, size: number): number =>
  size === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / size + 1e-9)
