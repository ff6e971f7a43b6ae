import type { LaunchRequest } from 'graupel/engine'
import type { BulkInsertBody, BulkInsertion } from './compute-api.ts'
import { uuidOf } from './uuid-of.ts'

export interface MachineSettings {
  readonly project: string
  /** Machines of this deployment have it as their label `graupel`. */
  readonly prefix: string
  readonly subnet: string
  /** Whoever only lists and removes machines needs none. */
  readonly templates: { readonly spot?: string | undefined; readonly standard?: string | undefined }
  readonly maxHours: number
}

/** The label that tells a machine's pool. */
export const poolLabel = 'graupel-pool'
export const deploymentLabel = 'graupel'

/**
 * One request for all machines of a launch. `minCount` 1: some are better than none. The cloud takes the zones, and the
 * types by their rank, where it has room. What is said here is merged into the template by RFC 7396, so lists are whole.
 */
export function bulkInsertionOf(request: LaunchRequest, settings: MachineSettings): BulkInsertion {
  const { names, region, isSpot, requestId, machineTypes } = request
  const [only, ...others] = machineTypes
  const body: BulkInsertBody = {
    count: names.length,
    minCount: 1,
    sourceInstanceTemplate: templateFor(isSpot, settings),
    perInstanceProperties: Object.fromEntries(names.map((name) => [name, { name }])),
    locationPolicy: { targetShape: 'ANY' },
    ...(others.length > 0 && { instanceFlexibilityPolicy: rankedTypes(machineTypes) }),
    instanceProperties: {
      ...(others.length === 0 && only !== undefined && { machineType: only }),
      ...propertiesOf(request, settings),
    },
  }
  return { region, requestId: uuidOf(`${settings.project} ${settings.prefix} ${region} ${requestId}`), body }
}

/** @throws Error naming the variable if it is not said what machines are made from */
function templateFor(isSpot: boolean, { templates }: MachineSettings): string {
  const template = isSpot ? templates.spot : templates.standard
  if (template !== undefined) return template
  const name = isSpot ? 'GRAUPEL_SPOT_TEMPLATE' : 'GRAUPEL_STANDARD_TEMPLATE'
  throw new Error(`no machine can be made: set ${name} to an instance template, as the Terraform module does`)
}

const rankedTypes = (machineTypes: readonly string[]): BulkInsertBody['instanceFlexibilityPolicy'] & object => ({
  instanceSelections: Object.fromEntries(
    machineTypes.map((machineType, rank) => [`choice-${rank}`, { rank, machineTypes: [machineType] }]),
  ),
})

function propertiesOf(
  { pool, region, shape: { accelerator } }: LaunchRequest,
  { prefix, project, subnet, maxHours }: MachineSettings,
): Omit<BulkInsertBody['instanceProperties'], 'machineType'> {
  return {
    labels: { [deploymentLabel]: prefix, [poolLabel]: pool },
    networkInterfaces: [{ subnetwork: `projects/${project}/regions/${region}/subnetworks/${subnet}` }],
    scheduling: {
      instanceTerminationAction: 'DELETE',
      maxRunDuration: { seconds: Math.round(maxHours * 3600) },
      // Machines with accelerators cannot be moved.
      ...(accelerator !== undefined && { onHostMaintenance: 'TERMINATE' }),
    },
    ...(accelerator !== undefined && {
      guestAccelerators: [{ acceleratorType: accelerator.type, acceleratorCount: accelerator.count }],
    }),
  }
}
