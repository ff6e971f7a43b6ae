import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway, statesOf } from './home.ts'

export function testRetries(bench: Bench): void {
  test('a job that fails is tried again as often as it asks, and every attempt has its log', async () => {
    const batch = bench.newBatch()
    const counter = bench.path('tries')
    const job = batch.newJob({ name: 'third time', retry: 2 })
    job.command`echo x >> ${counter}; n=$(wc -l < ${counter}); echo attempt $n; test $n -eq 3`
    const run = await batch.run(quiet)
    const handle = run.job(job)
    expect(await handle.status()).toMatchObject({ state: 'Success', attempt: 3 })
    expect((await handle.attempts()).map(({ attempt, exitCode, cost }) => [attempt, exitCode, cost])).toEqual([
      [1, 1, 0],
      [2, 1, 0],
      [3, 0, 0],
    ])
    expect(await handle.log({ attempt: 1 })).toBe('attempt 1\n')
    expect(await handle.log()).toBe('attempt 3\n')
  })

  test('a job that is tried again goes on from its checkpoint', async () => {
    const batch = bench.newBatch()
    const steps = bench.path('steps')
    const job = batch.newJob({ name: 'steady', retry: 3, checkpoint: true })
    job.command`cd "$GRAUPEL_CHECKPOINT_DIR"; n=$(cat n || echo 0); while test $n -lt 8; do
      n=$((n + 1)); echo $n >> ${steps}; echo $n > n; test $((n % 3)) -ne 0 || exit 1; done`
    const run = await batch.run(quiet)
    expect(await run.job(job).status()).toMatchObject({ state: 'Success', attempt: 3 })
    expect(await bench.read('steps')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n')
  })

  test('maxAttempts limits all attempts together', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'never', retry: 5, maxAttempts: 2 }).command`exit 1`
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ attempt: 2 })
  })

  test('a job that takes longer than its timeout ends as Error', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'slow', timeout: '300ms' }).command`sleep 60`
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', reason: expect.stringMatching(/time limit/) })
  })

  test('after enough failures the rest of the batch is cancelled', async () => {
    const batch = bench.newBatch({ cancelAfterNFailures: 1 })
    batch.newJob({ name: 'bad' }).command`false`
    batch.newJob({ name: 'sleeper' }).command`sleep 60`
    const run = await runAnyway(batch)
    expect(await statesOf(run)).toEqual({ bad: 'Failed', sleeper: 'Cancelled' })
    expect((await run.status()).state).toBe('failure')
  })
}
