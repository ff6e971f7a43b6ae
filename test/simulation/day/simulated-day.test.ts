import { beforeAll, describe, expect, test } from 'vitest'
import { type DayReport, simulateDay } from './simulate-day.ts'

const hourMs = 3_600_000

describe('a simulated day of ten-minute jobs, stock-outs and preemptions, up to 10,000 machines', () => {
  let day: DayReport
  beforeAll(async () => {
    day = await simulateDay({ seed: 1, maxMachines: 10_000 })
  }, 900_000)

  test('runs every job, those that were lost again', () => {
    expect(day.done).toBe(day.submitted)
    expect(day.lost).toBeGreaterThan(500)
  })

  test('leaves no machine behind', () => {
    expect(day.leftMachines).toBe(0)
  })

  test('reaches the cap and never exceeds it', () => {
    expect(day.mostMachines).toBe(10_000)
  })

  test('costs at most 15 % more than a perfect packing of its jobs', () => {
    expect(day.dollars / day.idealDollars).toBeLessThan(1.15)
    expect(day.dollars / day.idealDollars).toBeGreaterThan(1)
  })

  test('takes other machines while there are no Spot ones anywhere', () => {
    expect(day.onDemandMachines).toBeGreaterThan(100)
  })

  test('stays within the rates at which the cloud takes calls', () => {
    expect(day.refusedCalls).toBe(0)
    for (const [call, inMinute] of Object.entries(day.busiestMinute)) expect(inMinute, call).toBeLessThan(1500)
  })

  test('has no task that failed', () => {
    expect(day.failures).toEqual([])
  })
})

describe('an hour of one batch', () => {
  const batches = [{ atMs: 60_000, jobs: 1000 }]
  const calm = { seed: 7, hours: 2, batches, droughts: [], preemptedPerHour: 0 }

  test('is the same each time that it is simulated', async () => {
    expect(await simulateDay({ ...calm, maxMachines: 50 })).toEqual(await simulateDay({ ...calm, maxMachines: 50 }))
  })

  test('has as many machines as its cores and its dollars an hour allow', async () => {
    const byCores = await simulateDay({ ...calm, maxMachines: 50, limits: { pool: { cpus: 100 } } })
    // Six of 16 cores, and one of 4 for the rest.
    expect(byCores).toMatchObject({ done: 1000, mostMachines: 7, leftMachines: 0 })
    const byDollars = await simulateDay({ ...calm, maxMachines: 50, limits: { deployment: { dollarsPerHour: 1 } } })
    expect(byDollars).toMatchObject({ done: 1000, leftMachines: 0 })
    expect(byDollars.mostDollarsPerHour).toBeLessThanOrEqual(1)
    expect(byDollars.mostDollarsPerHour).toBeGreaterThan(0.7)
  })

  test('waits out a drought of everything', async () => {
    const droughts = [{ fromMs: 0, toMs: hourMs / 2, isHit: () => true }]
    const report = await simulateDay({ ...calm, maxMachines: 100, droughts })
    expect(report).toMatchObject({ done: 1000, leftMachines: 0, failures: [] })
  })
})
