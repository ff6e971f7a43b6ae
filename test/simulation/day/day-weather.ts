import type { Random } from '../random.ts'

const hourMs = 3_600_000

export interface Batch {
  readonly atMs: number
  readonly jobs: number
}

/** Minutes of the day in which there is no room for a kind of machine. */
export interface Drought {
  readonly fromMs: number
  readonly toMs: number
  readonly isHit: (place: { zone: string; machineType: string; isSpot: boolean }) => boolean
}

/** Batches of many sizes all day long, more in the working hours, and one in the evening that fills every machine. */
export function drawBatches(random: Random): Batch[] {
  const batches: Batch[] = []
  for (let minute = 0; minute < 21 * 60; minute += 3) {
    const isBusy = minute > 8 * 60 && minute < 18 * 60
    if (!random.chance(isBusy ? 0.7 : 0.25)) continue
    const size = random.pick(isBusy ? [200, 500, 1500, 4000] : [100, 400, 1000])
    batches.push({
      atMs: minute * 60_000 + random.between(0, 60_000),
      jobs: Math.round(size * random.between(0.7, 1.3)),
    })
  }
  batches.push({ atMs: 21 * hourMs, jobs: 400_000 })
  return batches
}

/** A zone without one family, a family that is nowhere, a region without Spot machines, and none anywhere. */
export const droughts: readonly Drought[] = [
  {
    fromMs: 2 * hourMs,
    toMs: 5 * hourMs,
    isHit: ({ zone, machineType }) => zone === 'us-central1-a' && machineType.startsWith('n2d'),
  },
  { fromMs: 6 * hourMs, toMs: 8 * hourMs, isHit: ({ machineType }) => machineType.startsWith('n2d') },
  {
    fromMs: 10 * hourMs,
    toMs: 11 * hourMs,
    isHit: ({ zone, isSpot }) => isSpot && zone.startsWith('us-central1'),
  },
  { fromMs: 14 * hourMs, toMs: 15 * hourMs, isHit: ({ isSpot }) => isSpot },
]
