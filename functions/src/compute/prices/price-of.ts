import { z } from 'zod'
import type { MachineType } from '../machine-types.ts'

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
}

/** US dollars per hour, without disk. Where the table has no price, the dearest that could be meant: caps must hold. */
export function dollarsPerHour({ rates }: PriceTable, { type, region, isSpot }: Priced): number {
  const ofModel = rates.filter((rate) => rate.isSpot === isSpot)
  const ofFamily = ofModel.filter(({ family }) => family === type.family)
  const ofRegion = ofFamily.filter((rate) => rate.region === region)
  const candidates = [ofRegion, ofFamily, ofModel, rates].find(({ length }) => length > 0) ?? []
  return Math.max(0, ...candidates.map(({ perCore, perGib }) => perCore * type.cores + perGib * type.memoryGib))
}
