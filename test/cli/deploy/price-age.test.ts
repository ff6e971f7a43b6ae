import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tellPrices } from '../../../client/src/cli/deploy/price-age.ts'

async function folderWith(manifest: object | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-prices-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  if (manifest !== undefined) await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  return folder
}

const prices = { source: 'https://prices.example', asOf: '2026-11-22' }
const line = 'Machines are reckoned at prices of 2026-11-22 (https://prices.example), in limits and in costs.'

test('whoever deploys hears of which day the prices are', async () => {
  const folder = await folderWith({ name: 'graupel-functions', graupel: { prices } })
  expect(tellPrices(folder, new Date('2027-05-21T00:00:00Z'))).toBe(line)
})

test('and that they are old, half a year later', async () => {
  const folder = await folderWith({ graupel: { prices } })
  const told = tellPrices(folder, new Date('2027-05-22T00:00:00Z'))
  expect(told).toContain(`${line}\nThey are 181 days old: `)
})

test('nothing is told of functions that do not say', async () => {
  expect(tellPrices(await folderWith({ name: 'mine' }), new Date())).toBeUndefined()
  expect(tellPrices(await folderWith(undefined), new Date())).toBeUndefined()
})
