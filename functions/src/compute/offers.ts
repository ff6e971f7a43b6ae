import type { MachineOffer } from 'graupel/engine'
import { gibForJobs, type MachineShape, machineGibFor } from 'graupel/model'
import { acceleratedType, acceleratorOn } from './accelerated-types.ts'
import { launchDiskGb, storageGbOf } from './boot-disk.ts'
import { commonType, type MachineType, measuredType, parseMachineType } from './machine-types.ts'
import { dollarsPerHour, type PriceTable } from './prices/price-of.ts'

export interface OfferSettings {
  /** In the order in which they are tried. */
  readonly regions: readonly string[]
  readonly families: readonly string[]
  /** Of the common machine. */
  readonly cores: CommonCores
  readonly diskGb: number
  readonly prices: PriceTable
}

/** The sizes of the common machine, the largest first. A job of the common pool fits the largest at least. */
export const commonSizes = [16, 8, 4, 2] as const
export type CommonCores = (typeof commonSizes)[number]

/** The machines that can serve a pool: regions in their order, the cheapest family first in each. Pure. */
export function offersOf(shape: MachineShape, settings: OfferSettings): MachineOffer[] {
  const diskGb = launchDiskGb(shape.storageGb, settings.diskGb)
  if (diskGb === undefined) return []
  const regions = shape.regions === undefined || shape.regions.includes('any') ? settings.regions : shape.regions
  const tiers = tiersOf(shape, settings)
  return regions.flatMap((region) =>
    tiers.flatMap((types, tier) =>
      types.map((type) => offerOf(type, { region, tier, diskGb, shape, prices: settings.prices })).sort(byPrice),
    ),
  )
}

/** Alternatives that are as good as each other, and those for when there is no room for them. */
function tiersOf(
  { machineType, size, accelerator }: MachineShape,
  { families, cores }: OfferSettings,
): MachineType[][] {
  if (machineType !== undefined) return [present([parseMachineType(machineType)])]
  if (accelerator !== undefined && size !== undefined) return [present([acceleratedType(accelerator, size)])]
  if (size !== undefined) return [present(families.map((family) => measuredType(family, withSystem(size))))]
  return inOrder(cores).map((one) => present(families.map((family) => commonType(family, one))))
}

/** The size that is wanted, smaller ones for small quotas, larger ones for jobs that need them. */
const inOrder = (cores: CommonCores): number[] => [
  ...commonSizes.filter((size) => size <= cores),
  ...commonSizes.filter((size) => size > cores).reverse(),
]

const present = (types: readonly (MachineType | undefined)[]): MachineType[] =>
  types.filter((type) => type !== undefined)

/** A machine to a job's measure has room for the system beside the job. */
const withSystem = ({ cores, memoryGiB }: NonNullable<MachineShape['size']>) => ({
  cores,
  memoryGiB: machineGibFor(memoryGiB),
})

interface OfferPlace {
  readonly region: string
  readonly tier: number
  readonly diskGb: number
  readonly shape: MachineShape
  readonly prices: PriceTable
}

function offerOf(type: MachineType, { region, tier, diskGb, shape, prices }: OfferPlace): MachineOffer {
  const { isSpot } = shape
  const accelerator = acceleratorOn(type, shape.accelerator)
  return {
    region,
    family: type.family,
    machineType: type.name,
    isSpot,
    ...(tier > 0 && { tier }),
    capacity: {
      cpuMillis: type.cores * 1000,
      memoryBytes: Math.floor(gibForJobs(type.memoryGib) * 2 ** 30),
      storageBytes: Math.floor(storageGbOf(diskGb) * 1e9),
    },
    dollarsPerHour: dollarsPerHour(prices, { type, region, isSpot, diskGb, accelerator }),
  }
}

const byPrice = (left: MachineOffer, right: MachineOffer): number => left.dollarsPerHour - right.dollarsPerHour
