import { expect, test } from 'vitest'
import { rankRegions } from '../../functions/src/compute/spot-advice.ts'
import { makeComputeBed } from './compute-bed.ts'

const regionsOf = async ({ fleet }: Awaited<ReturnType<typeof makeComputeBed>>, isSpot = true) => [
  ...new Set((await fleet.offers({ isSpot })).map(({ region }) => region)),
]

test('regions where Spot machines are hardly to be had are tried last', async () => {
  const poor = { obtainability: 0.1 }
  const bed = await makeComputeBed({ adviceOn: (region) => (region === 'us-central1' ? poor : { obtainability: 0.9 }) })
  expect(await regionsOf(bed)).toEqual(['us-east1', 'us-central1'])
  expect(await regionsOf(bed, false)).toEqual(['us-central1', 'us-east1'])
})

test('regions where Spot machines do not last are tried last', async () => {
  const bed = await makeComputeBed({
    adviceOn: (region) => ({ obtainability: 0.9, estimatedUptime: region === 'us-central1' ? '600s' : '7200s' }),
  })
  expect(await regionsOf(bed)).toEqual(['us-east1', 'us-central1'])
})

test('where the project is not given advice, regions stay in their order and nobody asks again for an hour', async () => {
  const bed = await makeComputeBed()
  expect(await regionsOf(bed)).toEqual(['us-central1', 'us-east1'])
  bed.world.settings = { ...bed.world.settings, adviceOn: () => ({ obtainability: 0 }) }
  bed.hours.pass(59 * 60_000)
  expect(await regionsOf(bed)).toEqual(['us-central1', 'us-east1'])
})

test('an answer is kept for a while', async () => {
  let asked = 0
  const adviceOn = () => ({ obtainability: asked++ < 2 ? 0.9 : 0.1 })
  const bed = await makeComputeBed({ adviceOn })
  await regionsOf(bed)
  await regionsOf(bed)
  expect(asked).toBe(2)
  bed.hours.pass(5 * 60_000 + 1)
  await regionsOf(bed)
  expect(asked).toBe(4)
})

test('advice only moves the poor to the end', () => {
  const advice = new Map([
    ['a', { obtainability: 0.5 }],
    ['b', { obtainability: 0.2 }],
    ['c', undefined],
  ])
  expect(rankRegions(['b', 'a', 'c'], advice)).toEqual(['a', 'c', 'b'])
})
