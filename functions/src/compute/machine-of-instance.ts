import type { Machine } from 'graupel/engine'
import { poolId, poolIdSchema } from 'graupel/model'
import { acceleratorOn } from './accelerated-types.ts'
import { poolLabel } from './bulk-insertion.ts'
import type { Instance } from './compute-api.ts'
import { type MachineType, parseMachineType } from './machine-types.ts'
import { dollarsPerHour, type PriceTable } from './prices/price-of.ts'

/** The last part of a resource's address is its name. */
const nameIn = (address: string): string => address.split('/').at(-1) ?? address

export const zoneOf = ({ zone }: Pick<Instance, 'zone'>): string => nameIn(zone)

/** `us-central1-a` lies in `us-central1`. */
export const regionOfZone = (zone: string): string => zone.slice(0, zone.lastIndexOf('-'))

/** An instance as the provisioner sees it; where it does not tell of its disk, it has the usual one. Pure. */
export function machineOfInstance(instance: Instance, prices: PriceTable, usualDiskGb: number): Machine {
  const type = parseMachineType(nameIn(instance.machineType))
  const state = stateOf(instance.status)
  const isPaid = state === 'booting' || state === 'running'
  const pool = poolIdSchema.safeParse(instance.labels?.[poolLabel])
  return {
    name: instance.name,
    pool: pool.success ? pool.data : poolId('unknown'),
    createdAt: Date.parse(instance.creationTimestamp),
    state,
    cpuMillis: (type?.cores ?? 0) * 1000,
    dollarsPerHour: type === undefined || !isPaid ? 0 : priceOf(instance, type, prices, usualDiskGb),
  }
}

function priceOf(instance: Instance, type: MachineType, prices: PriceTable, usualDiskGb: number): number {
  const region = regionOfZone(zoneOf(instance))
  const isSpot = instance.scheduling?.provisioningModel === 'SPOT'
  const diskGb = instance.disks?.reduce((sum, disk) => sum + (disk.diskSizeGb ?? 0), 0) || usualDiskGb
  const [attached] = instance.guestAccelerators ?? []
  const asked = attached && { type: nameIn(attached.acceleratorType), count: attached.acceleratorCount }
  return dollarsPerHour(prices, { type, region, isSpot, diskGb, accelerator: acceleratorOn(type, asked) })
}

/** https://cloud.google.com/compute/docs/instances/instance-lifecycle (2026-11) */
function stateOf(status: string): Machine['state'] {
  switch (status) {
    case 'PROVISIONING':
    case 'STAGING':
    case 'PENDING':
      return 'booting'
    case 'STOPPING':
    case 'PENDING_STOP':
    case 'DEPROVISIONING':
      return 'stopping'
    case 'TERMINATED':
    case 'STOPPED':
    case 'SUSPENDING':
    case 'SUSPENDED':
      return 'off'
    default:
      return 'running'
  }
}
