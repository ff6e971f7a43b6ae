import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet, statesOf } from './home.ts'

const read = (path: string): string => readFileSync(path, 'utf8')
const write = (path: string, text: string): string => {
  writeFileSync(path, text)
  return text
}

export function testFunctionUpdates(bench: Bench): void {
  test('three runs of one batch follow each other, each with the results of the earlier ones', async () => {
    const batch = bench.newBatch()
    const first = batch.newFunctionJob({ name: 'first', outputs: ['text'] })
    const one = first.call(write, first.out.text, 'one')
    await batch.run({ ...quiet, deleteScratchOnExit: false })

    const second = batch.newFunctionJob({ name: 'second' }).dependsOn(first)
    const two = second.call((before: string) => `${before} two`, one)
    await batch.run(quiet)

    const third = batch.newFunctionJob({ name: 'third' })
    const three = third.call((path: string, words: string[]) => [read(path), ...words], first.out.text, [one, two])
    const run = await batch.run(quiet)
    expect(await run.value(three)).toEqual(['one', 'one', 'one two'])
    expect((await run.status()).counts.success).toBe(3)
  })

  test('a result is passed on by a later run, though the files of its own have been deleted', async () => {
    const batch = bench.newBatch()
    const made = batch.newFunctionJob({ name: 'make' }).call(() => new Map([['x', 1n]]))
    await batch.run(quiet)
    const used = batch.newFunctionJob({ name: 'use' }).call((map: Map<string, bigint>) => map.get('x'), made)
    const run = await batch.run(quiet)
    expect(await run.value(used)).toBe(1n)
    expect(await run.value(made)).toEqual(new Map([['x', 1n]]))
  })

  test('a result is passed on by an update while its own job still runs', async () => {
    const batch = bench.newBatch()
    const gate = bench.path('function gate')
    const first = batch.newFunctionJob({ name: 'first' })
    const made = first.call(async (path: string) => {
      const { existsSync } = process.getBuiltinModule('node:fs')
      console.log('waiting')
      while (!existsSync(path)) await sleep(20)
      return 'open'
    }, gate)
    const run = await batch.run({ ...quiet, wait: false })
    for await (const _ of run.job(first).log({ follow: true })) break
    const used = batch.newFunctionJob({ name: 'second' }).call((word: string) => word.toUpperCase(), made)
    const update = await batch.run({ ...quiet, wait: false })
    await bench.write('function gate', '')
    expect(await update.value(used)).toBe('OPEN')
    await update.wait()
    expect(await statesOf(update)).toEqual({ first: 'Success', second: 'Success' })
  })

  test('a job that has been submitted takes no more calls, and makes no more files of its results', async () => {
    const batch = bench.newBatch()
    const job = batch.newFunctionJob({ name: 'early' })
    const result = job.call(() => 1)
    await batch.run(quiet)
    expect(() => job.call(() => 2)).toThrow(InvalidBatchError)
    expect(() => result.asJson()).toThrow(
      "Job 'early' has been submitted: asking for a file of its result comes too late. Make a new job instead.",
    )
  })
}
