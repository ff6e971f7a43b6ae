import { parseMachineType } from '@graupel/functions/compute/machine-types'
import { catalogPageSchema, parseCatalog } from '@graupel/functions/compute/prices/parse-catalog'
import { dollarsPerHour, type PriceTable } from '@graupel/functions/compute/prices/price-of'
import { priceOfWorker } from '@graupel/functions/compute/prices/price-of-worker'
import { priceTable } from '@graupel/functions/compute/prices/price-table'
import { renderTable } from '@graupel/functions/compute/prices/render-table'
import { describe, expect, test } from 'vitest'

const sku = (description: string, usageType: string, nanos: number, regions = ['us-central1']) => ({
  name: 'services/6F81-5844-456A/skus/0000-0000-0000',
  description,
  category: { serviceDisplayName: 'Compute Engine', resourceFamily: 'Compute', resourceGroup: 'CPU', usageType },
  serviceRegions: regions,
  pricingInfo: [
    {
      pricingExpression: {
        usageUnit: description.includes(' Ram ') ? 'GiBy.h' : 'h',
        tieredRates: [{ startUsageAmount: 0, unitPrice: { currencyCode: 'USD', units: '0', nanos } }],
      },
    },
  ],
})

const sample = {
  skus: [
    sku('N2 Instance Core running in Iowa', 'OnDemand', 31_611_000),
    sku('N2 Instance Ram running in Iowa', 'OnDemand', 4_237_000),
    sku('Spot Preemptible N2D AMD Instance Core running in Iowa', 'Preemptible', 7_000_000),
    sku('Spot Preemptible N2D AMD Instance Ram running in Iowa', 'Preemptible', 900_000),
    sku('N1 Predefined Instance Core running in Iowa', 'OnDemand', 31_611_000),
    sku('Commitment v1: N2 Cpu in Iowa for 1 Year', 'Commit1Yr', 20_000_000),
    sku('N2 Custom Instance Core running in Iowa', 'OnDemand', 33_000_000),
    sku('N2 Sole Tenancy Instance Core running in Iowa', 'OnDemand', 99_000_000),
  ],
  nextPageToken: '',
}

describe('prices', () => {
  test('are read from the catalog, by core and by GiB; what is not sold so is left out', () => {
    expect(parseCatalog(catalogPageSchema.parse(sample).skus)).toEqual([
      { family: 'n2', region: 'us-central1', isSpot: false, perCore: 0.031611, perGib: 0.004237 },
      { family: 'n2d', region: 'us-central1', isSpot: true, perCore: 0.007, perGib: 0.0009 },
    ])
  })

  test('of machines made to measure are their own, or five hundredths more where the table has none', () => {
    const type = parseMachineType('n2-custom-4-16384')
    const whole = parseMachineType('n2-standard-4')
    const e2 = parseMachineType('e2-custom-4-16384')
    if (type === undefined || whole === undefined || e2 === undefined) throw new Error('they are machine types')
    const n2 = { family: 'n2', region: 'r', isSpot: false, perCore: 1, perGib: 0.5 }
    const of = (rates: PriceTable['rates'], of: typeof type) =>
      dollarsPerHour({ source: 's', asOf: '2026-11-26', rates }, { type: of, region: 'r', isSpot: false, diskGb: 0 })
    expect(of([n2], whole)).toBe(12)
    expect(of([n2], type)).toBeCloseTo(12.6, 9)
    expect(of([n2, { ...n2, family: 'n2-custom', perCore: 1.1, perGib: 0.6 }], type)).toBeCloseTo(14, 9)
    expect(of([{ ...n2, family: 'e2' }], e2)).toBe(12)
  })

  test('of a machine are those of its cores and memory', () => {
    const type = parseMachineType('n2-standard-16')
    if (type === undefined) throw new Error('n2-standard-16 is a machine type')
    const of = (region: string, isSpot: boolean) => dollarsPerHour(priceTable, { type, region, isSpot, diskGb: 0 })
    expect(of('us-central1', false)).toBeCloseTo(16 * 0.031611 + 64 * 0.004237, 6)
    expect(of('us-central1', true)).toBeLessThan(of('us-central1', false) / 3)
    // Where the table has no price, the family's is taken, and of an unknown family the dearest.
    expect(of('mars-north1', false)).toBe(of('us-central1', false))
    const unknown = { ...type, family: 'x9' }
    expect(dollarsPerHour(priceTable, { type: unknown, region: 'us-central1', isSpot: false, diskGb: 0 })).toBe(
      of('us-central1', false),
    )
  })

  test('count the disk and the accelerators of a machine', () => {
    const of = (more: object) => {
      const type = parseMachineType('n1-standard-4')
      if (type === undefined) throw new Error('n1-standard-4 is a machine type')
      return dollarsPerHour(priceTable, { type, region: 'us-central1', isSpot: false, diskGb: 0, ...more })
    }
    expect(of({ diskGb: 100 }) - of({})).toBeCloseTo(0.0137, 4)
    const accelerator = { type: 'nvidia-tesla-t4', count: 2 }
    expect(of({ accelerator }) - of({})).toBeCloseTo(0.7, 6)
    expect(of({ accelerator, isSpot: true }) - of({ isSpot: true })).toBeCloseTo(0.28, 6)
    expect(of({ accelerator: { type: 'new', count: 1 } }) - of({})).toBeGreaterThan(3)
  })

  test('of a worker are those of what it tells of itself', () => {
    const facts = { type: 'n1-standard-4', zone: 'us-central1-a', isSpot: false }
    const price = priceOfWorker(100)
    expect(price({ ...facts, diskGb: 200 }) - price(facts)).toBeCloseTo(0.0137, 4)
    expect(price({ ...facts, accelerator: { type: 'nvidia-tesla-t4', count: 1 } }) - price(facts)).toBeCloseTo(0.35, 6)
    expect(price({ ...facts, type: 'g2-standard-4' })).toBeGreaterThan(0.56)
    expect(price({ ...facts, type: 'unheard' })).toBe(0)
  })

  test('say where they are from and of which day', () => {
    expect(priceTable.source).toMatch(/^https:/)
    expect(Date.parse(priceTable.asOf)).toBeGreaterThan(0)
  })

  test('are written as the file that they are read from', () => {
    const table: PriceTable = {
      source: 's',
      asOf: '2026-11-26',
      rates: parseCatalog(catalogPageSchema.parse(sample).skus),
    }
    expect(renderTable(table)).toContain(
      "{ family: 'n2', region: 'us-central1', isSpot: false, perCore: 0.031611, perGib: 0.004237 },",
    )
  })
})
