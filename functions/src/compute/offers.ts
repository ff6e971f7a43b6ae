import type { MachineOffer } from 'graupel/engine'
import type { MachineShape } from 'graupel/model'
import { commonType, type MachineType, measuredType, parseMachineType } from './machine-types.ts'
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
export function offersOf(shape: MachineShape, settings: OfferSettings): MachineOffer[] {
  const regions = shape.regions === undefined || shape.regions.includes('any') ? settings.regions : shape.regions
  const types = typesOf(shape, settings.families)
  return regions.flatMap((region) => types.map((type) => offerOf(type, region, shape.isSpot, settings)).sort(byPrice))
}

function typesOf({ machineType, size }: MachineShape, families: readonly string[]): MachineType[] {
  const types =
    machineType === undefined
      ? families.map((family) => (size === undefined ? commonType(family) : measuredType(family, withSystem(size))))
      : [parseMachineType(machineType)]
  return types.filter((type) => type !== undefined)
}

/** A machine to a job's measure has room for the system beside the job. */
const withSystem = ({ cores, memoryGiB }: { cores: number; memoryGiB: number }) => ({
  cores,
  memoryGiB: Math.ceil(memoryGiB / usableMemoryShare),
})

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
