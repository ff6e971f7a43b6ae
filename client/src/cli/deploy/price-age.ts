import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What the functions' bundle says of the prices that machines are reckoned with. */
const manifestSchema = z.object({
  graupel: z.object({ prices: z.object({ source: z.string(), asOf: z.iso.date() }) }).optional(),
})

const dayMs = 24 * 3_600_000
/** Google changes list prices a few times a year, and those of Spot machines once a month. */
const oldAfterDays = 180

/** Of which day the prices are that limits and costs are reckoned with, and that they are old; `undefined` if nobody says. */
export function tellPrices(functionsFolder: string, now: Date): string | undefined {
  const path = join(functionsFolder, 'package.json')
  const manifest = existsSync(path) ? manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}
  if (manifest.graupel === undefined) return undefined
  const { source, asOf } = manifest.graupel.prices
  const days = Math.floor((now.getTime() - Date.parse(asOf)) / dayMs)
  const line = `Machines are reckoned at prices of ${asOf} (${source}), in limits and in costs.`
  if (days <= oldAfterDays) return line
  return `${line}\nThey are ${days} days old: a newer graupel has newer ones, or, in its repository, refresh-prices.ts.`
}
