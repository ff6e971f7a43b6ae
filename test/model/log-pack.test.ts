import { firstNeighbour, maxPackNameBytes, packHasJob, packNameOf } from 'graupel/model'
import { describe, expect, it } from 'vitest'

const attempts = (...jobs: number[]) => jobs.map((job) => ({ job, attempt: 1 }))

describe('the name of a pack', () => {
  it('tells the jobs in it, and the attempt of the first', () => {
    expect(packNameOf(attempts(9, 3, 4, 5))).toBe('3-5,9.1')
    expect(packNameOf([...attempts(7), { job: 2, attempt: 3 }])).toBe('2,7.3')
  })

  it('is of no other pack, because an attempt lies in one pack only', () => {
    const first = packNameOf([
      { job: 1, attempt: 1 },
      { job: 2, attempt: 1 },
    ])
    const second = packNameOf([
      { job: 1, attempt: 2 },
      { job: 2, attempt: 1 },
    ])
    expect(first).not.toBe(second)
  })

  it('says of every job whether it is in it', () => {
    const name = packNameOf(attempts(1, 2, 3, 10, 256))
    const found = Array.from({ length: 256 }, (_, index) => index + 1).filter((job) => packHasJob(name, job))
    expect(found).toEqual([1, 2, 3, 10, 256])
  })

  it('is short for all jobs of a folder', () => {
    const all = Array.from({ length: 256 }, (_, index) => 1_000_193 + index)
    expect(packNameOf(attempts(...all)).length).toBeLessThan(maxPackNameBytes)
  })
})

it('a folder of packs is that of 256 neighbours', () => {
  expect([1, 256, 257, 512, 513].map(firstNeighbour)).toEqual([1, 1, 257, 257, 513])
})
