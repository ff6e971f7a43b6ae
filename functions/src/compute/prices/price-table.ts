import type { PriceTable } from './price-of.ts'

/** US dollars per hour. Written by refresh-prices.ts; a region or family that is not here costs as much as the dearest. */
export const priceTable: PriceTable = {
  source: 'https://cloud.google.com/compute/vm-instance-pricing, not yet refreshed from the catalog; Spot 72 % off',
  asOf: '2026-11-22',
  rates: [
    { family: 'e2', region: 'us-central1', isSpot: false, perCore: 0.021812, perGib: 0.002924 },
    { family: 'e2', region: 'us-central1', isSpot: true, perCore: 0.006107, perGib: 0.000819 },
    { family: 'n1', region: 'us-central1', isSpot: false, perCore: 0.031611, perGib: 0.004237 },
    { family: 'n1', region: 'us-central1', isSpot: true, perCore: 0.008851, perGib: 0.001186 },
    { family: 'n2', region: 'us-central1', isSpot: false, perCore: 0.031611, perGib: 0.004237 },
    { family: 'n2', region: 'us-central1', isSpot: true, perCore: 0.008851, perGib: 0.001186 },
    { family: 'n2d', region: 'us-central1', isSpot: false, perCore: 0.027502, perGib: 0.003686 },
    { family: 'n2d', region: 'us-central1', isSpot: true, perCore: 0.007701, perGib: 0.001032 },
    { family: 't2d', region: 'us-central1', isSpot: false, perCore: 0.027502, perGib: 0.003686 },
    { family: 't2d', region: 'us-central1', isSpot: true, perCore: 0.007701, perGib: 0.001032 },
  ],
}
