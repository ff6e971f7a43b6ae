import type { Check, CheckContext, Subject } from './check.ts'
import { failed, ok, skipped, type Verdict, warning } from './finding.ts'
import { once } from './once.ts'
import { coreMetricOf, type Quota, quotasSchema, type Room, roomOf, sharesOf } from './quota-rooms.ts'

type Machines = Subject['machines']
type Read = (context: CheckContext) => Promise<readonly Regional[]>
interface Regional {
  readonly region: string
  readonly quotas: readonly Quota[]
}

const remedy = 'ask for compute.regions.get and compute.projects.get (roles/compute.viewer)'

/** One check per quota, over all regions of the machines. Each region is asked once. */
export function quotaChecks(machines: Machines): readonly Check[] {
  const read = once(readRegions)
  const shared = sharesOf(machines).map((share) =>
    quotaCheck(share.id, share.title, async (context) => {
      const rooms = (await read(context)).map(({ region, quotas }) => ({ region, room: roomOf(share, quotas) }))
      return judge(rooms, machines.max_per_pool, context.subject.project)
    }),
  )
  return [
    ...shared,
    allRegionsCheck(machines),
    ...machines.families.map((family) => familyCheck(family, machines, read)),
  ]
}

const quotaCheck = (id: string, title: string, run: Check['run']): Check => ({
  id: `quota:${id}`,
  title: `quota of ${title}`,
  needs: ['api:compute'],
  remedy,
  run,
})

/** Jobs find another family where one is full, so that one alone stops nothing. */
function familyCheck(family: string, machines: Machines, read: Read): Check {
  const metric = coreMetricOf(family)
  const share = { ...sharesOf(machines)[0], metrics: [[metric]] }
  return quotaCheck(family, `${family} cores`, async (context) => {
    const regions = (await read(context)).filter(({ quotas }) => quotas.some((quota) => quota.metric === metric))
    const { project } = context.subject
    if (regions.length === 0) return skipped(`Compute Engine tells none of ${metric}; look at ${pageOf(project)}`)
    const rooms = regions.map(({ region, quotas }) => ({ region, room: roomOf(share, quotas) }))
    const verdict = judge(rooms, machines.max_per_pool, project)
    return verdict.state === 'failed' ? warning(verdict.detail, verdict.remedy) : verdict
  })
}

/** Beside the quotas of its regions, a project has one over all of them, which is small while the project is new. */
function allRegionsCheck(machines: Machines): Check {
  const metric = 'CPUS_ALL_REGIONS'
  return quotaCheck('all-regions', 'cores in all regions', async ({ api, subject: { project } }) => {
    const path = `/compute/v1/projects/${project}`
    const { quotas } = await api.call(quotasSchema, { service: 'compute', path })
    if (!quotas.some((quota) => quota.metric === metric)) return skipped('the project has none')
    const room = roomOf({ ...sharesOf(machines)[0], metrics: [[metric]] }, quotas)
    return judge([{ region: 'everywhere', room }], machines.max_per_pool, project)
  })
}

function readRegions({ api, subject: { project, regions } }: CheckContext): Promise<readonly Regional[]> {
  return Promise.all(
    regions.map(async (region) => {
      const path = `/compute/v1/projects/${project}/regions/${region}`
      return { region, quotas: (await api.call(quotasSchema, { service: 'compute', path })).quotas }
    }),
  )
}

const pageOf = (project: string): string => `https://console.cloud.google.com/iam-admin/quotas?project=${project}`

function judge(rooms: readonly { region: string; room: Room }[], wanted: number, project: string): Verdict {
  const total = rooms.reduce((sum, { room }) => sum + room.machines, 0)
  const detail = rooms.map(({ region, room }) => `${region}: ${room.machines} machines by ${room.metrics}`).join('; ')
  const remedy = `ask for more at ${pageOf(project)}`
  if (total === 0 && rooms.some(({ room }) => room.isForSmaller))
    return warning(`${detail}, but for smaller ones`, remedy)
  if (total === 0) return failed(`${detail}: no machine fits`, `${remedy}, or free what is in use`)
  if (total < wanted) return warning(`${detail}, and ${wanted} are allowed`, remedy)
  return ok(detail)
}
