import { defaultRetryPolicy, type JobTemplate, parsePool, poolOf } from 'graupel/model'
import { describe, expect, test } from 'vitest'

const gib = 2 ** 30
const template = (change: Partial<JobTemplate>): JobTemplate => ({
  env: {},
  cpuMillis: 1000,
  memoryBytes: gib,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
  ...change,
})

describe('the pool of a job', () => {
  test('is named by Spot or not, and by the size of its machines where they are not the usual ones', () => {
    expect(poolOf(template({}), undefined)).toBe('spot')
    expect(poolOf(template({ spot: false, cpuMillis: 16_000, memoryBytes: 50 * gib }), undefined)).toBe('standard')
    expect(poolOf(template({ memoryBytes: 100 * gib }), undefined)).toBe('spot-highmem16')
    expect(poolOf(template({ cpuMillis: 20_000 }), undefined)).toBe('spot-standard32')
    expect(poolOf(template({ cpuMillis: 400_000 }), undefined)).toBe('spot-highmem80')
  })

  test('is of larger machines after a job has run out of memory', () => {
    const growing = template({
      memoryBytes: 50 * gib,
      retry: { ...defaultRetryPolicy, outOfMemory: { factor: 2, upToBytes: 200 * gib } },
    })
    expect(poolOf(growing, { outOfMemory: 1 })).toBe('spot-highmem16')
  })

  test('tells from its name what its machines are like', () => {
    const wish = poolOf(template({ cpuMillis: 20_000, regions: ['us-east1'] }), undefined)
    expect(parsePool(wish)).toEqual({ isSpot: true, size: { memory: 'standard', cores: 32 }, hasWish: true })
    const own = poolOf(template({ spot: false, machineType: 'n2-highmem-8', cpuMillis: 20_000 }), undefined)
    expect(parsePool(own)).toEqual({ isSpot: false, size: { memory: 'standard', cores: 16 }, hasWish: true })
  })
})
