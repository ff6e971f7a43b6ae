import { z } from 'zod'
import type { MachineType } from '../machine-types.ts'
import { acceleratorRate } from './accelerator-rate.ts'

export const rateSchema = z.object({
  family: z.string(),
  region: z.string(),
  isSpot: z.boolean(),
  perCore: z.number().min(0),
  perGib: z.number().min(0),
})
export type Rate = z.infer<typeof rateSchema>

export interface PriceTable {
  readonly source: string
  /** The day of the prices. */
  readonly asOf: string
  readonly rates: readonly Rate[]
}

export interface Priced {
  readonly type: MachineType
  readonly region: string
  readonly isSpot: boolean
  /** Its boot disk, a balanced one. */
  readonly diskGb: number
  readonly accelerator?: { readonly type: string; readonly count: number } | undefined
}

/** What machines made to measure are called in the table, where they have a price of their own. */
export const customFamily = (family: string): string => `${family}-custom`

/** Where the table has none, they cost so much more: https://cloud.google.com/compute/vm-instance-pricing (2026-11). */
const customPremium = 1.05
const isCustom = ({ name }: MachineType): boolean => name.includes('-custom-')
/** Made to measure at the price of all others. */
const withoutPremium = ['e2']

/** $0.10 a month in us-central1; the dearest regions take half as much again. https://cloud.google.com/compute/disks-image-pricing (2026-11) */
const dollarsPerGbHour = 0.1 / 730

/** US dollars per hour, with its disk. Where the table has no price, the dearest that could be meant: caps must hold. */
export function dollarsPerHour(table: PriceTable, priced: Priced): number {
  const { diskGb, accelerator, isSpot } = priced
  return machineRate(table, priced) + diskGb * dollarsPerGbHour + acceleratorRate(accelerator, isSpot)
}

function machineRate({ rates }: PriceTable, { type, region, isSpot }: Priced): number {
  const ofModel = rates.filter((rate) => rate.isSpot === isSpot)
  const ofOwn = isCustom(type) ? ofModel.filter(({ family }) => family === customFamily(type.family)) : []
  const ofFamily = ofOwn.length > 0 ? ofOwn : ofModel.filter(({ family }) => family === type.family)
  const premium = isCustom(type) && ofOwn.length === 0 && !withoutPremium.includes(type.family) ? customPremium : 1
  const ofRegion = ofFamily.filter((rate) => rate.region === region)
  const candidates = [ofRegion, ofFamily, ofModel, rates].find(({ length }) => length > 0) ?? []
  return (
    premium * Math.max(0, ...candidates.map(({ perCore, perGib }) => perCore * type.cores + perGib * type.memoryGib))
  )
}
