import { z } from 'zod'
import { customFamily, type Rate } from './price-of.ts'

const unitPriceSchema = z.object({ units: z.coerce.number().default(0), nanos: z.number().default(0) })

/** https://cloud.google.com/billing/docs/reference/rest/v1/services.skus (2026-11) */
const skuSchema = z.object({
  description: z.string(),
  category: z.object({ resourceFamily: z.string(), resourceGroup: z.string(), usageType: z.string() }),
  serviceRegions: z.array(z.string()),
  pricingInfo: z.array(
    z.object({
      pricingExpression: z.object({
        usageUnit: z.string(),
        tieredRates: z.array(z.object({ unitPrice: unitPriceSchema })).min(1),
      }),
    }),
  ),
})
type Sku = z.infer<typeof skuSchema>

export const catalogPageSchema = z.object({ skus: z.array(skuSchema), nextPageToken: z.string().optional() })

/**
 * `Spot Preemptible N2D AMD Custom Instance Ram running in Americas` → family, whether to measure, and what of it is sold.
 * Everything else that is sold beside it (commitments, sole tenancy, extended memory, reserved time) reads otherwise.
 */
const description =
  /^(?:Spot Preemptible )?([A-Z][0-9]+[A-Z]?)(?: Predefined)?(?: AMD| Arm)?( Custom)? Instance (Core|Ram) running in /

/** The unit that each is sold by: by another one a price would mean something else. */
const units = { Core: 'h', Ram: 'GiBy.h' } as const

interface Part {
  readonly family: string
  readonly of: 'perCore' | 'perGib'
  readonly isSpot: boolean
  readonly dollars: number
}

/** The prices of cores and memory by family, region and model; whatever else is sold is left out. */
export function parseCatalog(skus: readonly Sku[]): Rate[] {
  const rates = new Map<string, Partial<Rate> & Pick<Rate, 'family' | 'region' | 'isSpot'>>()
  for (const sku of skus) {
    const part = partOf(sku)
    if (part === undefined) continue
    const { family, isSpot, of, dollars } = part
    for (const region of sku.serviceRegions) {
      const key = `${family} ${region} ${isSpot}`
      const known = rates.get(key) ?? { family, region, isSpot }
      // Sold twice: caps must hold for either.
      rates.set(key, { ...known, [of]: Math.max(dollars, known[of] ?? 0) })
    }
  }
  return [...rates.values()].flatMap(wholeRate).sort(byName)
}

function partOf({ description: text, category, pricingInfo }: Sku): Part | undefined {
  const [, name, custom, sold] = description.exec(text) ?? []
  const isSpot = category.usageType === 'Preemptible'
  if (name === undefined || (sold !== 'Core' && sold !== 'Ram') || category.resourceFamily !== 'Compute')
    return undefined
  if (!isSpot && category.usageType !== 'OnDemand') return undefined
  // In the order of time. The last tier is what one pays beyond anything that is free.
  const expression = pricingInfo.at(-1)?.pricingExpression
  const price = expression?.tieredRates.at(-1)?.unitPrice
  if (price === undefined || expression?.usageUnit !== units[sold]) return undefined
  const dollars = price.units + price.nanos / 1e9
  if (dollars <= 0) return undefined
  const family = name.toLowerCase()
  return {
    family: custom === undefined ? family : customFamily(family),
    of: sold === 'Core' ? 'perCore' : 'perGib',
    isSpot,
    dollars,
  }
}

/** A family whose memory has a price and whose cores have none is not told of. */
function wholeRate({ perCore, perGib, ...rate }: Partial<Rate> & Pick<Rate, 'family' | 'region' | 'isSpot'>): Rate[] {
  return perCore === undefined || perGib === undefined ? [] : [{ ...rate, perCore, perGib }]
}

const byName = (left: Rate, right: Rate): number =>
  left.family.localeCompare(right.family) ||
  left.region.localeCompare(right.region) ||
  Number(left.isSpot) - Number(right.isSpot)
