import { maxPackNameBytes, packHeaderSchema } from 'graupel/model'
import { describe, expect, it } from 'vitest'
import { type Leavings, type Pack, planPacks } from '../../../client/src/execution/log/plan-packs.ts'

const leavings = (job: number, text: string, root = 'memory:///b'): Leavings => ({
  root,
  job,
  attempt: 1,
  parts: [{ part: 'main', bytes: Buffer.from(text) }],
})

function read({ body }: Pack) {
  const [header = ''] = Buffer.from(body).toString('latin1').split('\n')
  return { header: packHeaderSchema.parse(JSON.parse(header)), rest: Buffer.from(body).subarray(header.length + 1) }
}

describe('what waits is stored in', () => {
  it('one object for neighbours', () => {
    const packs = planPacks([leavings(2, 'two'), leavings(1, 'one')])
    expect(packs.map(({ uri }) => uri)).toEqual(['memory:///b/logs/packs/1/1-2.1'])
    const [pack] = packs.map(read)
    expect(pack?.rest.toString()).toBe('twoone')
    expect(pack?.header.parts).toEqual([
      { job: 2, attempt: 1, part: 'main', bytes: 3 },
      { job: 1, attempt: 1, part: 'main', bytes: 3 },
    ])
  })

  it('an object for each batch and each folder', () => {
    const packs = planPacks([leavings(1, 'a'), leavings(257, 'b'), leavings(1, 'c', 'memory:///other')])
    expect(packs.map(({ uri }) => uri)).toEqual([
      'memory:///b/logs/packs/1/1.1',
      'memory:///b/logs/packs/257/257.1',
      'memory:///other/logs/packs/1/1.1',
    ])
  })

  it('several objects where one would become large, or its name long', () => {
    const large = planPacks([1, 2, 3].map((job) => leavings(job, 'x'.repeat(3 * 2 ** 20))))
    expect(large.map(({ uri }) => uri.slice(-4))).toEqual(['/1.1', '/2.1', '/3.1'])
    const scattered = planPacks(Array.from({ length: 128 }, (_, index) => leavings(1_000_193 + 2 * index, 'x')))
    expect(scattered.length).toBeGreaterThan(1)
    for (const { uri } of scattered)
      expect(uri.slice(uri.lastIndexOf('/') + 1).length).toBeLessThanOrEqual(maxPackNameBytes)
    expect(scattered.flatMap((pack) => read(pack).header.parts).length).toBe(128)
  })

  it('nothing if nothing waits', () => {
    expect(planPacks([])).toEqual([])
  })
})
