import type { LaunchRequest } from 'graupel/engine'
import { attachedCount, cannotMove } from './accelerated-types.ts'
import { launchDiskGb } from './boot-disk.ts'
import type { BulkInsertBody, BulkInsertion } from './compute-api.ts'
import { parseMachineType } from './machine-types.ts'
import { uuidOf } from './uuid-of.ts'

export interface MachineSettings {
  readonly project: string
  /** Machines of this deployment have it as their label `graupel`. */
  readonly prefix: string
  readonly subnet: string
  /** Whoever only lists and removes machines needs none. */
  readonly templates: { readonly spot?: string | undefined; readonly standard?: string | undefined }
  readonly maxHours: number
  /** Of the templates. */
  readonly diskGb: number
  /** Of the templates, for machines with a larger disk. */
  readonly diskImage: string
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
    // Google's reference calls the name an output; its clients and examples set it, and it is taken:
    // https://github.com/googleapis/python-compute/issues/278 (2026-11)
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
  { pool, region, shape, machineTypes }: LaunchRequest,
  { prefix, project, subnet, maxHours, diskGb, diskImage }: MachineSettings,
): Omit<BulkInsertBody['instanceProperties'], 'machineType'> {
  const { accelerator, storageGb } = shape
  const [machineType = ''] = machineTypes
  const launchGb = launchDiskGb(storageGb, diskGb) ?? diskGb
  return {
    labels: { [deploymentLabel]: prefix, [poolLabel]: pool },
    networkInterfaces: [{ subnetwork: `projects/${project}/regions/${region}/subnetworks/${subnet}` }],
    scheduling: {
      instanceTerminationAction: 'DELETE',
      maxRunDuration: { seconds: Math.round(maxHours * 3600) },
      ...(cannotMove(machineType, accelerator) && { onHostMaintenance: 'TERMINATE' }),
    },
    ...attachedTo(machineType, accelerator),
    ...(launchGb > diskGb && { disks: [bootDisk(launchGb, diskImage)] }),
  }
}

/** What comes with the machine's type is not asked for. */
function attachedTo(machineType: string, accelerator: LaunchRequest['shape']['accelerator']) {
  const type = parseMachineType(machineType)
  const count = type && accelerator && attachedCount(accelerator, type)
  if (accelerator === undefined || count === undefined) return {}
  return { guestAccelerators: [{ acceleratorType: accelerator.type, acceleratorCount: count }] }
}

/** As the template's, but larger. The system grows into it when it boots. */
const bootDisk = (diskGb: number, sourceImage: string) => ({
  boot: true,
  autoDelete: true,
  initializeParams: { sourceImage, diskSizeGb: String(diskGb), diskType: 'pd-balanced' },
})
