import { describe, expect, it } from 'vitest'
import { chooseToEnd, isDue } from '../../../client/src/execution/sandbox/disk-plan.ts'

describe('a job with a limit is looked at', () => {
  const measured = { usedBytes: 60, freeBytes: 1000, endedAt: 5000, tookMs: 100 }
  const at = (now: number, freeBytes: number, roundMs = 100) => isDue(100, measured, { now, freeBytes, roundMs })

  it('at once when it is new', () => {
    expect(isDue(100, undefined, { now: 0, freeBytes: 0, roundMs: 1e6 })).toBe(true)
  })

  it('seldom while it cannot be over, and the more seldom the longer a round takes', () => {
    expect(at(9999, 961)).toBe(false)
    expect(at(10_000, 961)).toBe(true)
    expect(at(10_000, 961, 200)).toBe(false)
  })

  it('soon when the disks have lost as much as it has room', () => {
    expect(at(5199, 960)).toBe(false)
    expect(at(5200, 960)).toBe(true)
  })
})

describe('of the jobs on a full disk', () => {
  const reserve = { reserveBytes: 100 }

  it('the one that takes the most is ended', () => {
    const jobs = [{ usedBytes: 60 }, { usedBytes: 70 }, { usedBytes: 10 }]
    expect(chooseToEnd(jobs, reserve)).toBe(jobs[1])
  })

  it('none is ended if none takes much: others have filled it', () => {
    expect(chooseToEnd([{ usedBytes: 49 }, { usedBytes: 0 }], reserve)).toBeUndefined()
    expect(chooseToEnd([], reserve)).toBeUndefined()
  })
})
