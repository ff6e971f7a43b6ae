import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { catalogPageSchema, parseCatalog } from './parse-catalog.ts'
import type { PriceTable } from './price-of.ts'
import { renderTable } from './render-table.ts'

/** Compute Engine's number in the catalog. */
const catalog = 'https://cloudbilling.googleapis.com/v1/services/6F81-5844-456A/skus'

/** Reads the whole catalog, page by page. */
async function fetchTable(key: string): Promise<PriceTable> {
  const skus = []
  let pageToken = ''
  do {
    const query = new URLSearchParams({ key, currencyCode: 'USD', pageSize: '5000', pageToken })
    const response = await fetch(`${catalog}?${query}`)
    if (!response.ok)
      throw new Error(`the catalog answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    const page = catalogPageSchema.parse(await response.json())
    skus.push(...page.skus)
    pageToken = page.nextPageToken ?? ''
  } while (pageToken !== '')
  return { source: catalog, asOf: new Date().toISOString().slice(0, 10), rates: parseCatalog(skus) }
}

const key = process.env.GOOGLE_API_KEY
if (key === undefined) throw new Error('set GOOGLE_API_KEY to a key of a project with the Cloud Billing API')
await writeFile(fileURLToPath(new URL('price-table.ts', import.meta.url)), renderTable(await fetchTable(key)))
