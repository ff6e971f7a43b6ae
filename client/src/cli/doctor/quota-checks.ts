import { z } from 'zod'
import type { Check, Subject } from './check.ts'
import { failed, ok, type Verdict, warning } from './finding.ts'

const quotaSchema = z.object({ metric: z.string(), limit: z.number(), usage: z.number() })
const regionSchema = z.object({ quotas: z.array(quotaSchema).default([]) })
export type Quota = z.infer<typeof quotaSchema>

/** Of the common machine: jobs that need another shape get one. See `machineShapeOf`. */
const commonCores = 16

/** What one machine takes of a regional quota: https://cloud.google.com/compute/resource-usage (2026-11). */
const shares = (machines: Subject['machines']) =>
  [
    { metrics: ['PREEMPTIBLE_CPUS', 'CPUS'], title: 'cores', perMachine: commonCores },
    { metrics: ['INSTANCES'], title: 'machines', perMachine: 1 },
    // Balanced disks count as SSD.
    { metrics: ['SSD_TOTAL_GB'], title: 'disk', perMachine: machines.disk_gb },
  ] as const

type Share = ReturnType<typeof shares>[number]

/** One check per quota, over all regions of the machines. */
export const quotaChecks = (machines: Subject['machines']): readonly Check[] =>
  shares(machines).map((share) => ({
    id: `quota:${share.title}`,
    title: `quota of ${share.title}`,
    needs: ['api:compute'],
    remedy: 'ask for compute.regions.get (roles/compute.viewer)',
    async run({ api, subject: { project, regions } }) {
      const rooms = await Promise.all(
        regions.map(async (region) => {
          const path = `/compute/v1/projects/${project}/regions/${region}`
          return { region, ...roomOf(share, (await api.call(regionSchema, { service: 'compute', path })).quotas) }
        }),
      )
      return judge(rooms, machines.max_per_pool, project)
    },
  }))

interface Room {
  readonly metric: string
  readonly machines: number
}

/** How many machines more there is room for. Spot machines count as preemptible cores where these have a quota. Pure. */
export function roomOf({ metrics, perMachine }: Share, quotas: readonly Quota[]): Room {
  const found = metrics.flatMap((metric) => quotas.filter((quota) => quota.metric === metric && quota.limit > 0))
  const [first] = found
  if (first === undefined) return { metric: metrics[0], machines: 0 }
  return { metric: first.metric, machines: Math.max(0, Math.floor((first.limit - first.usage) / perMachine)) }
}

function judge(rooms: readonly (Room & { readonly region: string })[], wanted: number, project: string): Verdict {
  const total = rooms.reduce((sum, { machines }) => sum + machines, 0)
  const detail = rooms.map(({ region, metric, machines }) => `${region}: ${machines} machines by ${metric}`).join('; ')
  const remedy = `ask for more at https://console.cloud.google.com/iam-admin/quotas?project=${project}`
  if (total === 0) return failed(`${detail}: no machine fits`, `${remedy}, or free what is in use`)
  if (total < wanted) return warning(`${detail}, and ${wanted} are allowed`, remedy)
  return ok(detail)
}
