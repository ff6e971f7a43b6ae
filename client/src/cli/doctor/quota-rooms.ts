import { z } from 'zod'
import type { Subject } from './check.ts'

const quotaSchema = z.object({ metric: z.string(), limit: z.number(), usage: z.number() })
export const quotasSchema = z.object({ quotas: z.array(quotaSchema).default([]) })
export type Quota = z.infer<typeof quotaSchema>

/** Where there is no room for the common machine, smaller ones are taken, of so many cores at least. */
const leastCores = 2

/** What one machine takes of a quota. */
export interface Share {
  /** Groups of quotas, the first that is granted counts. Quotas of one group add up: each is of other machines. */
  readonly metrics: readonly (readonly string[])[]
  readonly perMachine: number
  /** What the smallest machine takes that is taken instead. Default: there is none. */
  readonly least?: number
}

/** The oldest families share one quota: https://cloud.google.com/compute/resource-usage (2026-11). */
export const coreMetricOf = (family: string): string =>
  ['e2', 'f1', 'g1', 'n1'].includes(family) ? 'CPUS' : `${family.toUpperCase()}_CPUS`

/** What all machines take, by quota. None has an external address, so that quotas of these do not matter. */
export const sharesOf = (machines: Subject['machines']) =>
  [
    {
      id: 'cores',
      title: 'cores',
      // Spot machines of all families count as preemptible cores where these are granted, else each as its family's.
      metrics: [['PREEMPTIBLE_CPUS'], [...new Set(machines.families.map(coreMetricOf))]],
      perMachine: machines.cores,
      least: leastCores,
    },
    { id: 'machines', title: 'machines', metrics: [['INSTANCES']], perMachine: 1 },
    // Balanced disks count as SSD.
    { id: 'disk', title: 'disk', metrics: [['SSD_TOTAL_GB']], perMachine: machines.disk_gb },
  ] as const satisfies readonly (Share & { readonly id: string; readonly title: string })[]

/** How many machines more there is room for, and by which quotas. */
export interface Room {
  readonly metrics: string
  readonly machines: number
  /** Whether there is room for a smaller one at least. */
  readonly isForSmaller: boolean
}

/** Pure. */
export function roomOf({ metrics, perMachine, least = perMachine }: Share, quotas: readonly Quota[]): Room {
  const granted = metrics
    .map((group) => quotas.filter(({ metric, limit }) => group.includes(metric) && limit > 0))
    .find((found) => found.length > 0)
  if (granted === undefined) return { metrics: (metrics.at(-1) ?? []).join(', '), machines: 0, isForSmaller: false }
  const rooms = granted.map(({ limit, usage }) => Math.max(0, Math.floor((limit - usage) / perMachine)))
  const isForSmaller = granted.some(({ limit, usage }) => limit - usage >= least)
  return {
    metrics: granted.map(({ metric }) => metric).join(', '),
    machines: rooms.reduce((sum, room) => sum + room, 0),
    isForSmaller,
  }
}
