import { parseMachineType } from '../../compute/machine-types.ts'
import type { WorldSettings } from './world-settings.ts'

export interface Placed {
  readonly name: string
  readonly zone: string
  readonly machineType: string
}

export interface Placement {
  readonly placed: readonly Placed[]
  /** Machines that could not be made, by what stood against it. */
  readonly dryZones: readonly string[]
  readonly quota: { readonly name: string; readonly limit: number } | undefined
}

interface Wanted {
  readonly region: string
  readonly names: readonly string[]
  readonly machineTypes: readonly string[]
  readonly isSpot: boolean
  /** Cores in use by the name of a machine type's family, and of all. */
  readonly coresInUse: (quota: string) => number
}

const coresOf = (machineType: string): number => parseMachineType(machineType)?.cores ?? 1
const quotaNames = (machineType: string, isSpot: boolean): string[] =>
  isSpot ? ['PREEMPTIBLE_CPUS'] : ['CPUS', `${machineType.split('-')[0]?.toUpperCase()}_CPUS`]

/** Where the machines go: the best type that a zone has room for, within the region's quotas. */
export function placeMachines({ regions, quotas, roomIn }: WorldSettings, wanted: Wanted): Placement {
  const { region, machineTypes, isSpot, coresInUse } = wanted
  const names = [...wanted.names]
  const placed: Placed[] = []
  const dryZones: string[] = []
  let quota: Placement['quota']
  for (const machineType of machineTypes) {
    for (const zone of regions[region] ?? []) {
      const room = roomIn?.({ zone, machineType, isSpot }) ?? Number.POSITIVE_INFINITY
      if (room < names.length) dryZones.push(zone)
      for (let left = Math.min(room, names.length); left > 0; left--) {
        quota = quotaReached(quotas?.[region] ?? {}, quotaNames(machineType, isSpot), (name) => {
          const added = placed.filter((one) => quotaNames(one.machineType, isSpot).includes(name))
          return coresInUse(name) + added.reduce((sum, one) => sum + coresOf(one.machineType), coresOf(machineType))
        })
        const name = quota === undefined ? names.shift() : undefined
        if (name === undefined) break
        placed.push({ name, zone, machineType })
      }
    }
  }
  const isShort = names.length > 0
  return { placed, dryZones: isShort ? [...new Set(dryZones)] : [], quota: isShort ? quota : undefined }
}

function quotaReached(
  limits: Readonly<Record<string, number>>,
  names: readonly string[],
  coresWith: (name: string) => number,
) {
  const name = names.find((one) => coresWith(one) > (limits[one] ?? Number.POSITIVE_INFINITY))
  return name === undefined ? undefined : { name, limit: limits[name] ?? 0 }
}

/** The quotas that a machine counts against. */
export const countsAgainst = (quota: string, machineType: string, isSpot: boolean): number =>
  quotaNames(machineType, isSpot).includes(quota) ? coresOf(machineType) : 0
