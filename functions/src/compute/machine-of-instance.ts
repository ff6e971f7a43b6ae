import type { Machine } from 'graupel/engine'
import { poolId, poolIdSchema } from 'graupel/model'
import { poolLabel } from './bulk-insertion.ts'
import type { Instance } from './compute-api.ts'
import { parseMachineType } from './machine-types.ts'
import { dollarsPerHour, type PriceTable } from './prices/price-of.ts'

/** The last part of a resource's address is its name. */
const nameIn = (address: string): string => address.split('/').at(-1) ?? address

export const zoneOf = ({ zone }: Pick<Instance, 'zone'>): string => nameIn(zone)

/** `us-central1-a` lies in `us-central1`. */
export const regionOfZone = (zone: string): string => zone.slice(0, zone.lastIndexOf('-'))

/** An instance as the provisioner sees it. Pure. */
export function machineOfInstance(instance: Instance, prices: PriceTable): Machine {
  const type = parseMachineType(nameIn(instance.machineType))
  const region = regionOfZone(zoneOf(instance))
  const isSpot = instance.scheduling?.provisioningModel === 'SPOT'
  const state = stateOf(instance.status)
  const isPaid = state === 'booting' || state === 'running'
  const pool = poolIdSchema.safeParse(instance.labels?.[poolLabel])
  return {
    name: instance.name,
    pool: pool.success ? pool.data : poolId('unknown'),
    createdAt: Date.parse(instance.creationTimestamp),
    state,
    cpuMillis: (type?.cores ?? 0) * 1000,
    dollarsPerHour: type === undefined || !isPaid ? 0 : dollarsPerHour(prices, { type, region, isSpot }),
  }
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
