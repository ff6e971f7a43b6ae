/** A price as Google's catalog tells it: https://cloud.google.com/billing/docs/reference/rest/v1/services.skus (2026-11). */
export interface CatalogEntry {
  readonly description: string
  readonly usageType: 'OnDemand' | 'Preemptible' | 'Commit1Yr'
  readonly resourceGroup: string
  readonly usageUnit: string
  readonly regions: readonly string[]
  /** US dollars, of each tier. */
  readonly tiers: readonly number[]
}

export function skuOf(entry: CatalogEntry, number: number) {
  const skuId = `0000-0000-${number.toString(16).toUpperCase().padStart(4, '0')}`
  return {
    name: `services/6F81-5844-456A/skus/${skuId}`,
    skuId,
    description: entry.description,
    category: {
      serviceDisplayName: 'Compute Engine',
      resourceFamily: entry.resourceGroup === 'SSD' ? 'Storage' : 'Compute',
      resourceGroup: entry.resourceGroup,
      usageType: entry.usageType,
    },
    serviceRegions: entry.regions,
    pricingInfo: [
      {
        summary: '',
        pricingExpression: {
          usageUnit: entry.usageUnit,
          usageUnitDescription: entry.usageUnit === 'h' ? 'hour' : 'gibibyte hour',
          baseUnit: entry.usageUnit === 'h' ? 's' : 'By.s',
          baseUnitDescription: entry.usageUnit === 'h' ? 'second' : 'byte second',
          baseUnitConversionFactor: 3600,
          displayQuantity: 1,
          tieredRates: entry.tiers.map((dollars, tier) => ({
            startUsageAmount: 100 * tier,
            unitPrice: {
              currencyCode: 'USD',
              units: String(Math.floor(dollars)),
              nanos: Math.round((dollars % 1) * 1e9),
            },
          })),
        },
        currencyConversionRate: 1,
        effectiveTime: '2026-11-26T08:00:00.000Z',
      },
    ],
    serviceProviderName: 'Google',
    geoTaxonomy: { type: 'MULTI_REGIONAL', regions: entry.regions },
  }
}

const americas = ['us-central1', 'us-east1', 'us-west1']

const pair = (
  words: string,
  [core, ram]: readonly [number, number],
  change: Partial<CatalogEntry> = {},
): CatalogEntry[] =>
  (['Core', 'Ram'] as const).map((sold) => ({
    description: `${words} Instance ${sold} running in Americas`,
    usageType: words.startsWith('Spot') ? 'Preemptible' : 'OnDemand',
    resourceGroup: sold === 'Core' ? 'CPU' : 'RAM',
    usageUnit: sold === 'Core' ? 'h' : 'GiBy.h',
    regions: americas,
    tiers: [sold === 'Core' ? core : ram],
    ...change,
  }))

/** What is understood, and beside it what is sold otherwise and must not be taken for it. */
export const entries: readonly CatalogEntry[] = [
  ...pair('E2', [0.02, 0.003]),
  ...pair('Spot Preemptible E2', [0.006, 0.0008]),
  ...pair('N1 Predefined', [0.03, 0.004]),
  ...pair('N2', [0.031, 0.0042]),
  ...pair('N2 Custom', [0.033, 0.0044]),
  ...pair('N2 Custom Extended', [0.5, 0.5]),
  ...pair('N2 Sole Tenancy', [0.9, 0.9]),
  ...pair('Spot Preemptible N2', [0.009, 0.0012]),
  ...pair('N2D AMD', [0.027, 0.0037]),
  ...pair('N2D AMD', [0, 0.0039]),
  ...pair('Spot Preemptible N2D AMD', [0.0077, 0.001]),
  ...pair('Spot Preemptible N2D AMD Custom', [0.0081, 0.0011]),
  ...pair('Commitment v1: N2', [0.02, 0.002], { usageType: 'Commit1Yr' }),
  ...pair('N2', [22, 3], { usageUnit: 'mo' }),
  ...pair('T2A Arm', [0, 0.03], { tiers: [0, 0.03] }),
  {
    description: 'Storage PD Capacity in Americas',
    usageType: 'OnDemand',
    resourceGroup: 'SSD',
    usageUnit: 'GiBy.mo',
    regions: americas,
    tiers: [0.04],
  },
]
