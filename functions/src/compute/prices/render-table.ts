import type { PriceTable } from './price-of.ts'

/** The table as the source file that it is kept in. */
export function renderTable({ source, asOf, rates }: PriceTable): string {
  const rows = rates.map(
    ({ family, region, isSpot, perCore, perGib }) =>
      `    { family: '${family}', region: '${region}', isSpot: ${isSpot}, perCore: ${perCore}, perGib: ${perGib} },\n`,
  )
  return `import type { PriceTable } from './price-of.ts'

/** US dollars per hour. Written by refresh-prices.ts; a region or family that is not here costs as much as the dearest. */
export const priceTable: PriceTable = {
  source: '${source}',
  asOf: '${asOf}',
  rates: [
${rows.join('')}  ],
}
`
}
