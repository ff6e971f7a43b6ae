import { expect, it } from 'vitest'
import { UsageSamples } from '../../../client/src/execution/usage/usage-samples.ts'

const reading = (cpuMs: number, memoryBytes = 0) => ({ cpuMs, memoryBytes, storageBytes: 0 })

it('a sample tells the cores in use since the one before', () => {
  const samples = new UsageSamples(1000)
  samples.add(2000, reading(500))
  samples.add(4000, reading(4500))
  expect(samples.all().map(({ at, cpu }) => [at, cpu])).toEqual([
    [2000, 0.5],
    [4000, 2],
  ])
})

it('time of processes that have ended uncounted is no time below nothing', () => {
  const samples = new UsageSamples(0)
  samples.add(1000, reading(900))
  samples.add(2000, reading(100))
  samples.add(3000, reading(1100))
  expect(samples.all().map(({ cpu }) => cpu)).toEqual([0.9, 0, 0.2])
})

it('of a very long attempt, neighbours are joined, and peaks stay', () => {
  const samples = new UsageSamples(0)
  for (let second = 1; second <= 20_000; second++)
    samples.add(second * 1000, reading(second * 250, second === 7777 ? 9 : 1))
  const all = samples.all()
  expect(all.length).toBeLessThan(512)
  expect(all.at(-1)?.at).toBeGreaterThan(19_900_000)
  expect(Math.max(...all.map(({ memoryBytes }) => memoryBytes))).toBe(9)
  for (const { cpu } of all) expect(cpu).toBeCloseTo(0.25)
})
