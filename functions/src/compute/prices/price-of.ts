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

/** $0.10 a month in us-central1; the dearest regions take half as much again. https://cloud.google.com/compute/disks-image-pricing (2026-11) */
const dollarsPerGbHour = 0.1 / 730

/** US dollars per hour, with its disk. Where the table has no price, the dearest that could be meant: caps must hold. */
export function dollarsPerHour(table: PriceTable, priced: Priced): number {
  const { diskGb, accelerator, isSpot } = priced
  return machineRate(table, priced) + diskGb * dollarsPerGbHour + acceleratorRate(accelerator, isSpot)
}

function machineRate({ rates }: PriceTable, { type, region, isSpot }: Priced): number {
  const ofModel = rates.filter((rate) => rate.isSpot === isSpot)
  const ofFamily = ofModel.filter(({ family }) => family === type.family)
  const ofRegion = ofFamily.filter((rate) => rate.region === region)
  const candidates = [ofRegion, ofFamily, ofModel, rates].find(({ length }) => length > 0) ?? []
  return Math.max(0, ...candidates.map(({ perCore, perGib }) => perCore * type.cores + perGib * type.memoryGib))
}
