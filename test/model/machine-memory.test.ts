import { bytesForJobs, commonLimits, gibForJobs, machineGibFor, memoryWords, parseMemoryBytes } from 'graupel/model'
import { describe, expect, test } from 'vitest'

const gib = 2 ** 30

/** What Linux tells of a machine's memory is less by its own tables, and by what it reserves when it boots. */
const seenBytes = (machineGib: number) => machineGib * gib * (1 - 1 / 64) - 0.15 * gib

describe('memory for jobs', () => {
  test.each([16, 8, 4])('of a common machine is enough for a job of standard memory on each of %i cores', (cores) => {
    expect(Math.floor(gibForJobs(4 * cores) / memoryWords.standard)).toBe(cores)
    expect(parseMemoryBytes('standard', 1000 * cores)).toBeLessThanOrEqual(gibForJobs(4 * cores) * gib)
  })

  test('holds the largest job of the common pool', () => {
    expect(gibForJobs(64)).toBeGreaterThanOrEqual(commonLimits.memoryGiB)
  })

  test('leaves some GiB to the system, and not a share of a large machine', () => {
    expect(64 - gibForJobs(64)).toBeCloseTo(3.78, 6)
    expect(640 - gibForJobs(640)).toBeLessThan(16)
    expect(gibForJobs(1)).toBe(0.5)
  })

  test.each([1, 3, 20, 60, 61, 100, 500, 1300])('of the machine for a job of %i GiB is what it needs', (job) => {
    const machine = machineGibFor(job)
    expect(gibForJobs(machine)).toBeGreaterThanOrEqual(job)
    expect(gibForJobs(machine - 1)).toBeLessThan(job)
  })

  test.each([8, 16, 32, 64, 128, 640, 1360])(
    'is given by the agent of a machine with %i GiB as it was offered',
    (all) => {
      expect(bytesForJobs(seenBytes(all))).toBeGreaterThanOrEqual(gibForJobs(all) * gib)
      expect(bytesForJobs(seenBytes(all))).toBeLessThan(seenBytes(all))
    },
  )
})
