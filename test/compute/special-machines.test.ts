import { bulkInsertionOf } from '@graupel/functions/compute/bulk-insertion'
import { describe, expect, test } from 'vitest'
import { makeComputeBed } from './compute-bed.ts'
import { launch, request } from './launching.ts'
import { fleetOptions } from './world-fixture.ts'

const standardTemplate = fleetOptions.templates.standard ?? ''

describe('a job with accelerators', () => {
  const accelerated = (type: string, count: number, change: object = {}) => ({
    isSpot: false,
    size: { cores: 1, memoryGiB: 4 },
    accelerator: { type, count },
    regions: ['us-central1'],
    ...change,
  })

  test.each([
    ['nvidia-tesla-t4', 1, {}, 'n1-standard-2'],
    ['nvidia-tesla-t4', 1, { size: { cores: 4, memoryGiB: 20 } }, 'n1-highmem-4'],
    ['nvidia-tesla-v100', 1, { size: { cores: 12, memoryGiB: 4 } }, 'n1-standard-16'],
    ['nvidia-l4', 1, {}, 'g2-standard-4'],
    ['nvidia-l4', 3, {}, 'g2-standard-48'],
    ['nvidia-tesla-a100', 1, {}, 'a2-highgpu-1g'],
    ['nvidia-tesla-t4', 1, { size: { cores: 97, memoryGiB: 4 } }, undefined],
    ['nvidia-l5', 1, {}, undefined],
  ])('%s × %i %o is offered %s', async (type, count, change, machineType) => {
    const { fleet } = await makeComputeBed()
    const offers = await fleet.offers(accelerated(type, count, change))
    expect(offers.map((offer) => offer.machineType)).toEqual(machineType === undefined ? [] : [machineType])
  })

  test.each([
    [accelerated('nvidia-tesla-v100', 1, { size: { cores: 12, memoryGiB: 4 } }), 'n1-standard-16', 2],
    [accelerated('nvidia-l4', 1), 'g2-standard-4', undefined],
    [{ isSpot: false, machineType: 'a2-highgpu-1g' }, 'a2-highgpu-1g', undefined],
  ])('gets a machine that has them, and cannot be moved: %o', async (wanted, machineType, attached) => {
    const bed = await makeComputeBed()
    const change = { shape: wanted, isSpot: false, machineTypes: [machineType] }
    expect(await launch(bed, request(1, change))).toMatchObject({ kind: 'launched' })
    expect(bed.world.instances[0]?.accelerator?.count).toBe(attached)
    const [machine] = await bed.fleet.list()
    const [offer] = await bed.fleet.offers(wanted)
    expect(machine?.dollarsPerHour).toBeCloseTo(offer?.dollarsPerHour ?? 0, 9)
    expect(machine?.dollarsPerHour).toBeGreaterThan(0.5)
  })

  test('is refused by the cloud on a machine that takes none', async () => {
    const bed = await makeComputeBed()
    const body = bulkInsertionOf(request(1), fleetOptions).body
    const given = (machineType: string, onHostMaintenance?: 'TERMINATE') => {
      const { scheduling, ...properties } = body.instanceProperties
      const guestAccelerators = [{ acceleratorType: 'nvidia-tesla-t4', acceleratorCount: 1 }]
      const { instanceFlexibilityPolicy: _, ...rest } = { ...body, sourceInstanceTemplate: standardTemplate }
      const instanceProperties = {
        ...{ ...properties, machineType, guestAccelerators },
        scheduling: { ...scheduling, ...(onHostMaintenance && { onHostMaintenance }) },
      }
      const id = '00000000-0000-5000-8000-000000000000'
      return () => bed.world.bulkInsert('us-central1', id, { ...rest, instanceProperties })
    }
    expect(given('n2d-standard-16', 'TERMINATE')).toThrow('is not allowed')
    expect(given('n1-standard-64', 'TERMINATE')).toThrow('is not allowed')
    expect(given('n1-standard-4')).toThrow('do not support live migration')
    expect(given('n1-standard-4', 'TERMINATE')).not.toThrow()
  })
})

describe('a job with much storage', () => {
  const stored = { isSpot: true, size: { cores: 2, memoryGiB: 8 }, storageGb: 500, regions: ['us-central1'] }

  test('is offered a machine with a disk for it, at its price', async () => {
    const { fleet } = await makeComputeBed()
    const [offer] = await fleet.offers(stored)
    expect(offer?.capacity.storageBytes).toBeGreaterThanOrEqual(500e9)
    const [plain] = await fleet.offers({ ...stored, storageGb: 50 })
    expect(offer?.dollarsPerHour).toBeCloseTo((plain?.dollarsPerHour ?? 0) + (437 * 0.1) / 730, 4)
    expect(await fleet.offers({ ...stored, storageGb: 65_000 })).toEqual([])
  })

  test('gets it with its launch; others get the disk of the template', async () => {
    const bed = await makeComputeBed()
    await launch(bed, request(1, { shape: stored, machineTypes: ['e2-custom-2-9216'] }))
    await launch(bed, { ...request(0), names: ['graupel-spot-8-0-0'], requestId: 'graupel-spot-8-0' })
    expect(bed.world.instances.map(({ diskGb }) => diskGb)).toEqual([537, 100])
  })
})
