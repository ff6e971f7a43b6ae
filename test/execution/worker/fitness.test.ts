import type { AttemptEnd } from 'graupel/model'
import { afterEach, expect, it } from 'vitest'
import { WorkerBed } from './worker-bed.ts'

const beds: WorkerBed[] = []

function open(leavesWhenUnfit: boolean): WorkerBed {
  const bed = new WorkerBed({ leavesWhenUnfit })
  beds.push(bed)
  return bed
}

afterEach(async () => {
  for (const bed of beds.splice(0)) await bed.stop()
})

/** Gives one job after the other, each to end in this way at once. */
async function end(bed: WorkerBed, causes: readonly AttemptEnd['cause'][], first = 1): Promise<void> {
  for (const [place, cause] of causes.entries()) {
    bed.service.give(0, bed.job(first + place))
    await bed.clock.pass(30_000)
    bed.running.get(first + place)?.end({ cause })
    await bed.clock.pass(100)
  }
}

const broken = 'infrastructure'

it('a machine that fails three jobs in a row takes no more and leaves, when its other jobs have ended', async () => {
  const bed = open(true)
  bed.service.give(0, bed.job(9))
  await end(bed, [broken, broken, broken])
  bed.service.give(0, bed.job(4))
  await bed.clock.pass(60_000)
  expect(bed.started).toEqual([9, 1, 2, 3])
  bed.running.get(9)?.end()
  await bed.clock.pass(60_000)
  expect(bed.service.asked.at(-1)?.request).toMatchObject({ isLeaving: true })
  await expect(bed.worker.done).resolves.toBe('left')
})

it('one that can run others goes on', async () => {
  const bed = open(true)
  await end(bed, [broken, broken, 'failed', broken, broken, 'success'])
  await end(bed, ['success'], 10)
  expect(bed.started).toContain(10)
})

it('where there is no other machine it goes on in any case', async () => {
  const bed = open(false)
  await end(bed, [broken, broken, broken, broken, 'success'])
  expect(bed.started).toHaveLength(5)
})
