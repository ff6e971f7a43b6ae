import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { onceBroken } from './once-broken.ts'
import { simulate } from './simulate.ts'

const timeout = 300_000
const fixedSeeds = { from: 1, count: 100 }
const freshSeeds = { from: randomInt(1_000_000, 2 ** 31), count: 25 }

/** Violations, each with the command that shows its story. */
async function violations({ from, count }: typeof fixedSeeds): Promise<string[]> {
  const found: string[] = []
  for (let seed = from; seed < from + count; seed++) {
    const { violation } = await simulate(seed)
    if (violation !== undefined) found.push(`${violation}; replay: node test/simulation/run.ts --seed ${seed}`)
  }
  return found
}

test(`every batch ends as it must, whatever goes wrong (seeds from ${fixedSeeds.from})`, { timeout }, async () => {
  expect(await violations(fixedSeeds)).toEqual([])
})

test(`so it does with seeds that nobody has tried before (from ${freshSeeds.from})`, { timeout }, async () => {
  expect(await violations(freshSeeds)).toEqual([])
})

test('the same seed gives the same run, event by event', { timeout }, async () => {
  const hashes = new Set<string>()
  for (let seed = 1; seed <= 8; seed++) {
    const [first, second] = [await simulate(seed), await simulate(seed)]
    expect(second).toEqual(first)
    hashes.add(first.hash)
  }
  expect(hashes.size).toBe(8)
})

describe('in peace', { timeout }, () => {
  test('each job runs once, messages are few, and the sweep has nothing to say', async () => {
    for (let seed = 1; seed <= 25; seed++)
      expect((await simulate(seed, { isPeaceful: true, hasRescue: true })).violation, `seed ${seed}`).toBeUndefined()
  })

  test('nothing is missing without the sweep', async () => {
    for (let seed = 101; seed <= 110; seed++)
      expect((await simulate(seed, { isPeaceful: true, hasRescue: false })).violation, `seed ${seed}`).toBeUndefined()
  })
})

describe('what was broken once stays whole:', { timeout }, () => {
  test.for(onceBroken)('$rule', async ({ options, seed }) => {
    expect((await simulate(seed, options)).violation).toBeUndefined()
  })
})
