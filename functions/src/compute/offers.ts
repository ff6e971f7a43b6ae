import type { MachineOffer, PoolShape } from 'graupel/engine'
import { type MachineType, parseMachineType, typeOfClass } from './machine-types.ts'
import { dollarsPerHour, type PriceTable } from './prices/price-of.ts'

export interface OfferSettings {
  /** In the order in which they are tried. */
  readonly regions: readonly string[]
  readonly families: readonly string[]
  readonly diskGb: number
  readonly prices: PriceTable
}

/** The system and the agent take the rest: worker-vm/src/config.ts. */
const usableMemoryShare = 0.9
/** Container-Optimized OS, and images of jobs have to lie somewhere. */
const systemDiskGb = 15

/** The machines that can serve a pool: regions in their order, the cheapest family first in each. Pure. */
export function offersOf(shape: PoolShape, settings: OfferSettings): MachineOffer[] {
  const regions = shape.regions === undefined || shape.regions.includes('any') ? settings.regions : shape.regions
  const types = typesOf(shape, settings.families)
  return regions.flatMap((region) => types.map((type) => offerOf(type, region, shape.isSpot, settings)).sort(byPrice))
}

function typesOf({ machineType, size }: PoolShape, families: readonly string[]): MachineType[] {
  const types =
    machineType === undefined ? families.map((family) => typeOfClass(family, size)) : [parseMachineType(machineType)]
  return types.filter((type) => type !== undefined)
}

function offerOf(type: MachineType, region: string, isSpot: boolean, settings: OfferSettings): MachineOffer {
  return {
    region,
    family: type.family,
    machineType: type.name,
    isSpot,
    capacity: {
      cpuMillis: type.cores * 1000,
      memoryBytes: Math.floor(type.memoryGib * 2 ** 30 * usableMemoryShare),
      storageBytes: Math.max(0, settings.diskGb - systemDiskGb) * 1e9,
    },
    dollarsPerHour: dollarsPerHour(settings.prices, { type, region, isSpot }),
  }
}

const byPrice = (left: MachineOffer, right: MachineOffer): number => left.dollarsPerHour - right.dollarsPerHour
