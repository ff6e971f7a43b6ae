import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fetchPrices } from './fetch-prices.ts'
import { renderTable } from './render-table.ts'

// Writes the table of prices anew: `GOOGLE_API_KEY=… node refresh-prices.ts [file]`. `GRAUPEL_BILLING_URL` leads to a server
// on this machine instead of Google's.
const { GOOGLE_API_KEY: key, GRAUPEL_BILLING_URL: url } = process.env
if (key === undefined) throw new Error('set GOOGLE_API_KEY to a key of a project with the Cloud Billing API')
const [file = fileURLToPath(new URL('price-table.ts', import.meta.url))] = process.argv.slice(2)
const table = await fetchPrices({ key, url, now: new Date() })
await writeFile(file, renderTable(table))
console.log(`${table.rates.length} prices of ${table.asOf} are in ${file}`)
