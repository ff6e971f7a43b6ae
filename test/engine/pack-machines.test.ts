import type { Resources } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { machinesFor } from '../../client/src/engine/pack-machines.ts'

const of = (cores: number, gib = 0): Resources => ({
  cpuMillis: cores * 1000,
  memoryBytes: gib * 2 ** 30,
  storageBytes: 0,
})
const size = of(16, 64)

describe('the number of machines for a set of jobs', () => {
  test('fills each of them', () => {
    expect(machinesFor([{ need: of(1, 1), count: 33 }], [], size)).toBe(3)
    expect(machinesFor([{ need: of(1, 8), count: 33 }], [], size)).toBe(5)
  })

  test('puts small jobs beside large ones', () => {
    const groups = [
      { need: of(1, 1), count: 12 },
      { need: of(10, 1), count: 2 },
    ]
    expect(machinesFor(groups, [], size)).toBe(2)
  })

  test('uses the room that there is first', () => {
    expect(machinesFor([{ need: of(4), count: 5 }], [of(4), of(3), of(9)], size)).toBe(1)
    expect(machinesFor([{ need: of(4), count: 3 }], [of(4), of(3), of(9)], size)).toBe(0)
  })

  test('gives a whole machine to a job that is larger', () => {
    expect(machinesFor([{ need: of(64, 500), count: 3 }], [], size)).toBe(3)
  })

  test('is worked out for a million jobs as for one', () => {
    const groups = [
      { need: of(0.3, 1), count: 1_000_000 },
      { need: of(3, 20), count: 500_000 },
    ]
    expect(machinesFor(groups, [], size)).toBeGreaterThan(166_000)
  })

  test('is never less than the cores and the memory need', () => {
    for (let seed = 1; seed < 200; seed++) {
      const groups = [1, 2, 3].map((part) => ({
        need: of(((seed * part) % 7) + 1, (seed * part) % 13),
        count: (seed * 7 * part) % 50,
      }))
      const cores = groups.reduce((sum, { need, count }) => sum + need.cpuMillis * count, 0)
      const machines = machinesFor(groups, [], size)
      expect(machines).toBeGreaterThanOrEqual(Math.ceil(cores / size.cpuMillis))
      expect(machines).toBeLessThanOrEqual(groups.reduce((sum, { count }) => sum + count, 0))
    }
  })
})
