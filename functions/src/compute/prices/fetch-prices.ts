import { catalogPageSchema, parseCatalog } from './parse-catalog.ts'
import type { PriceTable, Rate } from './price-of.ts'

/** Google's list of prices; Compute Engine's number in it. */
export const googleBilling = 'https://cloudbilling.googleapis.com'
const computeEngine = '/v1/services/6F81-5844-456A/skus'

/** Without these a catalog has changed beyond what is understood, and what is written from it would be wrong. */
const expectedFamilies = ['e2', 'n2', 'n2d']

export interface CatalogSource {
  /** A key of a project with the Cloud Billing API. */
  readonly key: string
  /** Default: Google's. */
  readonly url?: string | undefined
  readonly now: Date
}

/** Reads the whole catalog, page by page. @throws Error if it cannot be read, or lacks what machines are made of */
export async function fetchPrices({ key, url = googleBilling, now }: CatalogSource): Promise<PriceTable> {
  const skus = []
  let pageToken = ''
  do {
    const query = new URLSearchParams({ key, currencyCode: 'USD', pageSize: '5000', pageToken })
    const response = await fetch(`${url}${computeEngine}?${query}`)
    if (!response.ok)
      throw new Error(`the catalog answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    const page = catalogPageSchema.parse(await response.json())
    skus.push(...page.skus)
    pageToken = page.nextPageToken ?? ''
  } while (pageToken !== '')
  const rates = parseCatalog(skus)
  checkComplete(rates, skus.length)
  return { source: `${googleBilling}${computeEngine}`, asOf: now.toISOString().slice(0, 10), rates }
}

function checkComplete(rates: readonly Rate[], skus: number): void {
  const missing = expectedFamilies.flatMap((family) =>
    [true, false]
      .filter((isSpot) => !rates.some((rate) => rate.family === family && rate.isSpot === isSpot))
      .map((isSpot) => `${family}${isSpot ? ' Spot' : ''}`),
  )
  if (missing.length === 0) return
  throw new Error(
    `the catalog's ${skus} prices have none that is understood for ${missing.join(', ')}: nothing is written`,
  )
}
