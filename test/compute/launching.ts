import type { LaunchRequest, LaunchResult } from 'graupel/engine'
import { expect } from 'vitest'
import type { ComputeBed } from './compute-bed.ts'
import { spotPool } from './world-fixture.ts'

const shape = { isSpot: true }

/** For so many machines of the common pool. */
export const request = (count: number, change: Partial<LaunchRequest> = {}): LaunchRequest => ({
  pool: spotPool,
  shape,
  names: Array.from({ length: count }, (_, index) => `graupel-spot-7-0-${index}`),
  requestId: 'graupel-spot-7-0',
  region: 'us-central1',
  isSpot: true,
  machineTypes: ['n2d-standard-16', 'n2-standard-16'],
  ...change,
})

/** Launches, and follows the operation to its end. */
export async function launch({ fleet, hours }: ComputeBed, wanted: LaunchRequest): Promise<LaunchResult> {
  const result = await fleet.launch(wanted)
  if (result.kind !== 'underWay') return result
  expect((await fleet.follow(wanted, result.operation)).kind).toBe('underWay')
  hours.pass(8000)
  return fleet.follow(wanted, result.operation)
}
