import type { Fleet, LaunchRequest, LaunchResult } from 'graupel/engine'
import { poolId, workerIdOn } from 'graupel/model'
import { describe, expect, test, vi } from 'vitest'

export interface FleetBed {
  readonly fleet: Fleet
  /** Lets what is under way go on. */
  settle(): Promise<void> | void
}

const pool = poolId('spot')
const shape = { isSpot: true }
const patienceMs = { timeout: 30_000, interval: 20 }

/** What the provisioner and the sweep expect of a fleet, whatever its machines are. */
export function describeFleet(makeBed: () => Promise<FleetBed>): void {
  async function request(fleet: Fleet, requestId: string, names: readonly string[]): Promise<LaunchRequest> {
    const offers = await fleet.offers(shape)
    const [best] = offers
    const machineTypes = offers.filter(({ region }) => region === best?.region).map((offer) => offer.machineType)
    return { pool, shape, names, requestId, region: best?.region ?? '', isSpot: best?.isSpot ?? false, machineTypes }
  }

  async function launch({ fleet, settle }: FleetBed, wanted: LaunchRequest): Promise<LaunchResult> {
    const result = await fleet.launch(wanted)
    if (result.kind !== 'underWay') return result
    return vi.waitFor(async () => {
      await settle()
      const followed = await fleet.follow(wanted, result.operation)
      expect(followed.kind).not.toBe('underWay')
      return followed
    }, patienceMs)
  }

  const listed = async ({ fleet, settle }: FleetBed, count: number) =>
    vi.waitFor(async () => {
      await settle()
      const machines = await fleet.list()
      expect(machines).toHaveLength(count)
      return machines
    }, patienceMs)

  describe('a fleet', () => {
    test('offers machines with a size and a price', async () => {
      const { fleet } = await makeBed()
      const offers = await fleet.offers(shape)
      expect(offers.length).toBeGreaterThan(0)
      for (const { capacity, dollarsPerHour } of offers) {
        expect(capacity.cpuMillis).toBeGreaterThan(0)
        expect(dollarsPerHour).toBeGreaterThanOrEqual(0)
      }
    })

    test('lists what it has launched, with its pool and the size of an offer', async () => {
      const bed = await makeBed()
      const wanted = await request(bed.fleet, 'r1', ['graupel-spot-1-0-0', 'graupel-spot-1-0-1'])
      expect(await launch(bed, wanted)).toEqual({ kind: 'launched', names: wanted.names })
      const machines = await listed(bed, 2)
      const sizes = (await bed.fleet.offers(shape)).map(({ capacity }) => capacity.cpuMillis)
      expect(machines.map(({ name }) => name).sort()).toEqual(wanted.names)
      for (const machine of machines) {
        expect(machine.pool).toBe(pool)
        expect(sizes).toContain(machine.cpuMillis)
      }
    })

    test('makes no second machine of a name', async () => {
      const bed = await makeBed()
      const wanted = await request(bed.fleet, 'r1', ['graupel-spot-1-0-0'])
      await launch(bed, wanted)
      await listed(bed, 1)
      expect((await launch(bed, wanted)).kind).toBe('launched')
      const again = await request(bed.fleet, 'r2', ['graupel-spot-1-0-0', 'graupel-spot-1-0-1'])
      expect((await launch(bed, again)).kind).toBe('launched')
      expect((await listed(bed, 2)).map(({ name }) => name).sort()).toEqual(again.names)
    })

    test('removes a machine, and minds no second removal', async () => {
      const bed = await makeBed()
      await launch(bed, await request(bed.fleet, 'r1', ['graupel-spot-1-0-0', 'graupel-spot-1-0-1']))
      await listed(bed, 2)
      await bed.fleet.remove('graupel-spot-1-0-0')
      await bed.fleet.remove('graupel-spot-1-0-0')
      await bed.fleet.remove('graupel-spot-9-9-9')
      expect((await listed(bed, 1)).map(({ name }) => name)).toEqual(['graupel-spot-1-0-1'])
    })

    test('tells the machine of a worker', async () => {
      const { fleet } = await makeBed()
      expect(fleet.machineOf(workerIdOn('graupel-spot-1-0-0', 1_700_000_000_000))).toBe('graupel-spot-1-0-0')
    })
  })
}
