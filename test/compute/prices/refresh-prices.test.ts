import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { fetchPrices } from '@graupel/functions/compute/prices/fetch-prices'
import { expect, onTestFinished, test } from 'vitest'
import { type CatalogEntry, entries, skuOf } from './fake-catalog.ts'

const perPage = 10
const now = new Date('2026-11-27T01:00:00Z')

/** Google's catalog on this machine, some prices a page; whoever has no key is refused. */
async function serveCatalog(served: readonly CatalogEntry[]): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (pathname !== '/v1/services/6F81-5844-456A/skus') return answer(404, { error: { code: 404 } })
    if (searchParams.get('key') !== 'a-key') return answer(403, { error: { code: 403, message: 'API key not valid' } })
    const first = Number(searchParams.get('pageToken')) || 0
    const skus = served.slice(first, first + perPage).map((entry, index) => skuOf(entry, first + index))
    const next = first + perPage
    return answer(200, { skus, nextPageToken: next < served.length ? String(next) : '' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address')
  return `http://127.0.0.1:${address.port}`
}

const rate = (family: string, isSpot: boolean, perCore: number, perGib: number) => ({ family, isSpot, perCore, perGib })

test('the prices of all pages are read, by family and region; what is sold otherwise is left out', async () => {
  const { rates, asOf, source } = await fetchPrices({ key: 'a-key', url: await serveCatalog(entries), now })
  expect(asOf).toBe('2026-11-27')
  expect(source).toBe('https://cloudbilling.googleapis.com/v1/services/6F81-5844-456A/skus')
  expect(new Set(rates.map(({ region }) => region))).toEqual(new Set(['us-central1', 'us-east1', 'us-west1']))
  const here = rates.filter(({ region }) => region === 'us-central1').map(({ region: _, ...rest }) => rest)
  expect(here).toEqual([
    rate('e2', false, 0.02, 0.003),
    rate('e2', true, 0.006, 0.0008),
    rate('n1', false, 0.03, 0.004),
    rate('n2', false, 0.031, 0.0042),
    rate('n2', true, 0.009, 0.0012),
    rate('n2-custom', false, 0.033, 0.0044),
    // Sold twice: the dearer one. What costs nothing is no price.
    rate('n2d', false, 0.027, 0.0039),
    rate('n2d', true, 0.0077, 0.001),
    rate('n2d-custom', true, 0.0081, 0.0011),
    // Beyond what is free.
    rate('t2a', false, 0.03, 0.03),
  ])
})

test('a catalog that is not understood is refused, and so is one that cannot be read', async () => {
  const renamed = entries.map((entry) => ({ ...entry, description: entry.description.replace('N2D AMD', 'N2D EPYC') }))
  await expect(fetchPrices({ key: 'a-key', url: await serveCatalog(renamed), now })).rejects.toThrow(
    'for n2d Spot, n2d: nothing is written',
  )
  await expect(fetchPrices({ key: 'other', url: await serveCatalog(entries), now })).rejects.toThrow(
    'the catalog answered 403: {"error":{"code":403,"message":"API key not valid"}}',
  )
})

test('the command writes the table as a file that can be loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-prices-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'price-table.ts')
  const program = fileURLToPath(new URL('../../../functions/src/compute/prices/refresh-prices.ts', import.meta.url))
  const env = { ...process.env, GOOGLE_API_KEY: 'a-key', GRAUPEL_BILLING_URL: await serveCatalog(entries) }
  const { stdout } = await promisify(execFile)(process.execPath, [program, file], { env })
  expect(stdout).toMatch(/^30 prices of \d{4}-\d\d-\d\d are in /)
  expect(await readFile(file, 'utf8')).toContain("import type { PriceTable } from './price-of.ts'")
  const { priceTable } = await import(/* @vite-ignore */ pathToFileURL(file).href)
  expect(priceTable.rates).toHaveLength(30)
})
