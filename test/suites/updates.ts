import { BatchFailedError, InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testUpdates(bench: Bench): void {
  test('a second run submits only new jobs, to the same batch', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'first' }).command`true`
    const first = await batch.run(quiet)
    batch.newJob({ name: 'second' }).command`true`
    const second = await batch.run(quiet)
    expect(second.id).toBe(first.id)
    expect(await statesOf(second)).toEqual({ first: 'Success', second: 'Success' })
    expect((await second.status()).counts.success).toBe(2)
  })

  test('new jobs depend on earlier ones: on a success they run, on a failure they are cancelled', async () => {
    const batch = bench.newBatch()
    const good = batch.newJob({ name: 'good' }).command`true`
    const bad = batch.newJob({ name: 'bad' }).command`false`
    await runAnyway(batch)
    batch.newJob({ name: 'after good' }).dependsOn(good).command`true`
    batch.newJob({ name: 'after bad' }).dependsOn(bad).command`true`
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({
      good: 'Success',
      bad: 'Failed',
      'after good': 'Success',
      'after bad': 'Cancelled',
    })
  })

  test('a run throws for its own jobs only', async () => {
    const batch = bench.newBatch()
    batch.newJob({ name: 'bad' }).command`false`
    await expect(batch.run(quiet)).rejects.toThrow(BatchFailedError)
    batch.newJob({ name: 'good' }).command`true`
    const run = await batch.run(quiet)
    expect((await run.status()).state).toBe('failure')
  })

  test('files of an earlier run are read if that run kept them, and refused by name otherwise', async () => {
    for (const keeps of [true, false]) {
      const batch = bench.newBatch()
      const make = batch.newJob({ name: 'make', outputs: ['x'] })
      make.command`echo ${String(keeps)} > ${make.out.x}`
      batch.writeOutput(make.out.x, bench.path(`made ${keeps}`))
      await batch.run({ ...quiet, deleteScratchOnExit: !keeps })
      const use = batch.newJob({ name: 'use', outputs: ['y'] })
      use.command`cat ${make.out.x} > ${use.out.y}`
      batch.writeOutput(use.out.y, bench.path(`used ${keeps}`))
      if (keeps) {
        await batch.run(quiet)
        expect(await bench.read('used true')).toBe('true\n')
      } else {
        await expect(batch.run(quiet)).rejects.toThrow(InvalidBatchError)
      }
    }
  })
}
