import { defaultRetryPolicy, type JobTemplate, machineShapeOf, needsWholeMachine, poolOf } from 'graupel/model'
import { describe, expect, test } from 'vitest'

const GiB = 2 ** 30

const asking = (fields: Partial<JobTemplate>): JobTemplate => ({
  env: {},
  cpuMillis: 1000,
  memoryBytes: 4 * GiB,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
  ...fields,
})

describe('the machine for a job', () => {
  test.each<[string, Partial<JobTemplate>, object]>([
    ['that is small is the common one', {}, { isSpot: true }],
    [
      'that just fits it is the common one',
      { cpuMillis: 16_000, memoryBytes: 60 * GiB, storageBytes: 32e9 },
      { isSpot: true },
    ],
    [
      'with more cores is made to its measure',
      { cpuMillis: 17_500, memoryBytes: 20 * GiB },
      { size: { cores: 18, memoryGiB: 20 } },
    ],
    [
      'with an odd number of cores has one more',
      { cpuMillis: 35_000, memoryBytes: 140 * GiB },
      { size: { cores: 36, memoryGiB: 140 } },
    ],
    [
      'with more memory has as many cores as that needs',
      { memoryBytes: 100.5 * GiB },
      { size: { cores: 14, memoryGiB: 101 } },
    ],
    [
      'that names a type is of that type',
      { machineType: 'n2-highmem-8', cpuMillis: 90_000 },
      { machineType: 'n2-highmem-8' },
    ],
    [
      'with accelerators has them',
      { accelerator: { type: 'nvidia-l4', count: 2 } },
      { accelerator: { type: 'nvidia-l4', count: 2 }, size: { cores: 1, memoryGiB: 4 } },
    ],
    [
      'with more memory than the common one has for jobs is made to its measure',
      { memoryBytes: 61 * GiB },
      { size: { cores: 8, memoryGiB: 61 } },
    ],
    [
      'with much storage has a disk and the size for it',
      { cpuMillis: 2000, storageBytes: 500e9 },
      { size: { cores: 2, memoryGiB: 4 }, storageGb: 500 },
    ],
    [
      'that names a type and asks for storage is of that type with a disk',
      { machineType: 'n2-standard-4', storageBytes: 33e9 },
      { machineType: 'n2-standard-4', storageGb: 50 },
    ],
    ['in certain regions is there', { regions: ['here'] }, { regions: ['here'] }],
    ['that must not be taken away is not Spot', { spot: false }, { isSpot: false }],
  ])('%s', (_, fields, shape) => {
    expect(machineShapeOf(asking(fields), undefined)).toEqual({ isSpot: true, ...shape })
  })

  test('grows with the memory of a job that ran out of it', () => {
    const retry = { ...defaultRetryPolicy, outOfMemory: { factor: 4, upToBytes: 80 * GiB } }
    const job = asking({ memoryBytes: 30 * GiB, retry })
    expect(machineShapeOf(job, {})).toEqual({ isSpot: true })
    expect(machineShapeOf(job, { outOfMemory: 1 })).toEqual({ isSpot: true, size: { cores: 10, memoryGiB: 80 } })
  })

  test('is whole for who names it or has accelerators', () => {
    const isWhole = (fields: Partial<JobTemplate>) => needsWholeMachine(machineShapeOf(asking(fields), undefined))
    expect(isWhole({ machineType: 'n2' })).toBe(true)
    expect(isWhole({ accelerator: { type: 'l4', count: 1 } })).toBe(true)
    expect(isWhole({ cpuMillis: 64_000 })).toBe(false)
  })
})

describe('the pool of a job', () => {
  const poolFor = (fields: Partial<JobTemplate>) => poolOf(asking(fields), undefined)

  test('is common to all that fit the common machine, and other for each other machine', () => {
    expect([poolFor({}), poolFor({ cpuMillis: 16_000 }), poolFor({ spot: false })]).toEqual([
      'spot',
      'spot',
      'standard',
    ])
    const special = [
      { cpuMillis: 17_000 },
      { cpuMillis: 20_000 },
      { memoryBytes: 65 * GiB },
      { machineType: 'n2' },
      { accelerator: { type: 'l4', count: 1 } },
      { accelerator: { type: 'l4', count: 2 } },
      { regions: ['here'] },
      { storageBytes: 100e9 },
      { storageBytes: 151e9 },
    ].map(poolFor)
    expect(new Set(special).size).toBe(special.length)
    for (const pool of special) expect(pool).toMatch(/^spot-/)
  })

  test('is the same for what rounds to the same machine', () => {
    expect(poolFor({ cpuMillis: 17_100, memoryBytes: 69.5 * GiB })).toBe(
      poolFor({ cpuMillis: 18_000, memoryBytes: 70 * GiB }),
    )
  })
})
