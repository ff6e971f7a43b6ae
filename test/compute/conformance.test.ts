import { describe } from 'vitest'
import { describeFleet } from '../conformance/fleet.ts'
import { makeComputeBed } from './compute-bed.ts'

describe('machines of Compute Engine', () =>
  describeFleet(async () => {
    const { fleet, hours } = await makeComputeBed()
    return { fleet, settle: () => hours.pass(5000) }
  }))
